import { z } from 'zod';
import { parseDuration } from '../../domain/calendar/duration.js';
import type { MetricQuery, Sample } from '../../ports/metric-source.js';

const after = z.string().transform((written, context) => {
  const duration = parseDuration(written);
  if (duration?.kind === 'elapsed' && duration.ms > 0) return duration.ms;
  context.addIssue({
    code: 'custom',
    message: `"${written}" is no elapsed time: write it such as 30min, 6h or 3d`,
  });
  return z.NEVER;
});
const n = z.number().min(0);
const points = z.union(
  [
    z.array(z.strictObject({ after, n, count: z.number().min(0) })).min(1),
    z.array(z.strictObject({ after, n, value: z.number() })).min(1),
  ],
  { error: 'every point of a series has after and n, and all of them a count or all of them a value' },
);

const series = z.strictObject({
  /** Label or digest of the release. */
  release: z.string(),
  step: z.string(),
  metric: z.string(),
  /** The group it was measured for, as a check's `by` names it; absent: all cases. */
  by: z.string().optional(),
  points,
  /** The points come again and again, each so much later than the last time; absent: once. */
  repeats: after.optional(),
});

/**
 * Body of `PUT /series/{lifecycle}`: what is going to be measured. A point is an increment that becomes
 * visible `after` × `timeScale` behind the beginning of its step. Windows end where steps and checks say,
 * so points are best put inside them, not on their edges.
 */
export const seriesForm = z.strictObject({
  timeScale: z.number().positive(),
  series: z.array(series),
});
export type SeriesSet = z.infer<typeof seriesForm>;
type Point = SeriesSet['series'][number]['points'][number];

/** What a set of series says about one query; nothing about a metric that none of them measures. */
export function samplesOf(set: SeriesSet, query: MetricQuery): Sample[] {
  return query.metrics.flatMap(({ metric, by }) => {
    const known = set.series.filter(
      (one) =>
        one.metric === metric &&
        (one.by ?? null) === by &&
        one.step === query.step &&
        (one.release === query.release || one.release === query.label),
    );
    if (known.length === 0) return [];
    const all = known.flatMap((one): Point[] => one.points);
    const visible = known.flatMap((one) =>
      one.points.flatMap((point) =>
        Array.from({ length: timesIn(point, one.repeats, set, query) }, (): Point => point),
      ),
    );
    return [
      {
        metric,
        group: by,
        ...measure(
          visible,
          all.every((point) => 'count' in point),
        ),
      },
    ];
  });
}

/** How often a point is seen in the window: beginning with the first time that is later than its start. */
function timesIn(
  point: Point,
  repeats: number | undefined,
  { timeScale }: SeriesSet,
  { since, from, to }: MetricQuery,
): number {
  const first = since + Math.round(point.after * timeScale);
  if (repeats === undefined) return from < first && first <= to ? 1 : 0;
  const step = repeats * timeScale;
  const until = (at: number) => (at < first ? 0 : Math.floor((at - first) / step) + 1);
  return until(to) - until(from);
}

function measure(visible: readonly Point[], counted: boolean): Pick<Sample, 'count' | 'value' | 'n'> {
  const cases = sum(visible.map((point) => point.n));
  const total = sum(visible.map((point) => ('count' in point ? point.count : point.value * point.n)));
  return { count: counted ? total : null, value: cases > 0 ? total / cases : null, n: cases };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
