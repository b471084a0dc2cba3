/** What a figure has to be: a bound on its ratio to the floor's, or on itself. */
export interface Wanted {
  readonly of: 'ratio' | 'ours';
  readonly bound: 'at least' | 'at most';
  readonly limit: number;
}

/** One line of the report. Without `wanted` it only informs, and is `ok`. */
export interface Result {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  /** ours / floor */
  readonly ratio: number;
  readonly unit: string;
  readonly wanted: string | null;
  readonly ok: boolean;
}

/** Sets our figure beside the floor's. */
export function result(
  name: string,
  unit: string,
  { ours, floor }: { ours: number; floor: number },
  wanted?: Wanted,
): Result {
  const ratio = ours / floor;
  const measured = { name, ours: rounded(ours), floor: rounded(floor), ratio: rounded(ratio), unit };
  if (wanted === undefined) return { ...measured, wanted: null, ok: true };
  const { of, bound, limit } = wanted;
  const value = of === 'ratio' ? ratio : ours;
  const ok = bound === 'at least' ? value >= limit : value <= limit;
  return { ...measured, wanted: `${bound} ${limit}${of === 'ratio' ? ' ×' : ` ${unit}`}`, ok };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The report as a table for people. */
export function table(results: readonly Result[]): string {
  const rows = results.map(({ name, ours, floor, ratio, unit, wanted, ok }) => [
    name,
    `${ours}`,
    `${floor}`,
    `${ratio}`,
    unit,
    wanted ?? '',
    wanted === null ? '' : ok ? 'ok' : 'NOT MET',
  ]);
  const all = [['', 'ours', 'floor', 'ratio', 'unit', 'wanted', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
