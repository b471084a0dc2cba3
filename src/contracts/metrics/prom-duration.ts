const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds (0 or more, rounded) as Prometheus writes them, in the largest unit that loses nothing: 3d, 90s, 2592ms. */
export function promDuration(ms: number): string {
  const whole = Math.round(ms);
  const [unit, length] = UNITS.find(([, each]) => whole > 0 && whole % each === 0) ?? ['ms', 1];
  return `${whole / length}${unit}`;
}
