/** Instants as people of Mumbai write them. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** UTC milliseconds of a wall time in India, such as `2026-11-20 17:00`. */
export function ist(written: string): number {
  const at = Date.parse(`${written.replace(' ', 'T')}:00+05:30`);
  if (Number.isNaN(at)) throw new Error(`"${written}" is no wall time such as 2026-11-20 17:00`);
  return at;
}

/** The wall time in India of an instant, for messages and expectations. */
export function inIndia(at: number): string {
  return new Date(at + 5.5 * HOUR).toISOString().slice(0, 16).replace('T', ' ');
}
