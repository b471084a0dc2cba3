/** Instants for people: local time, with how far away it is. */

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A span in its two largest units: `2 d 3 h`, `40 s`, `less than a second`. */
export function span(ms: number): string {
  let left = Math.abs(ms);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n > 0 && parts.length < 2) parts.push(`${n} ${unit}`);
  }
  return parts.join(' ') || 'less than a second';
}

/** `2027-03-01 09:00:05`, in the zone of whoever reads it. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** The same, with how far it is from now. */
export function dueTime(at: number, now: number): string {
  const far = span(at - now);
  return `${localTime(at)} (${at >= now ? `in ${far}` : `${far} ago`})`;
}
