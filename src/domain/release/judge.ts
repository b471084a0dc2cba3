/** Samples against clauses. A missing or doubtful number never passes: it is inconclusive. */
import type { TierRules } from '../policy.js';
import type { Check, CheckPlace } from '../spec/spec.js';
import type { Instant } from '../vocabulary.js';
import type { Doubt, Sample, Verdict } from './verdict.js';

/** 95 % Wilson score interval of a rate. */
export function wilson(count: number, n: number): readonly [number, number] {
  const z = 1.959964;
  const p = count / n;
  const spread = z * Math.sqrt((p * (1 - p) + (z * z) / (4 * n)) / n);
  const centre = p + (z * z) / (2 * n);
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

/** Samples a clause needs: stated, or `auto`, a multiple of 1/p of the rate p that the limit allows. */
export function minimumSample(check: Check, place: CheckPlace, rules: TierRules['minSample']): number {
  if (check.minSample !== 'auto') return check.minSample;
  const p = check.op === '<=' ? check.value : 1 - check.value;
  if (p <= 0 || p >= 1) return 1;
  const multiple = place === 'shadow' ? rules.shadow : rules.exposed;
  // Binary fractions: 1 / 0.0005 must ask for 2,000 samples, not 2,001.
  return Math.ceil(Number((multiple / p).toFixed(6)));
}

export function meets(check: Pick<Check, 'op' | 'value'>, value: number): boolean {
  return check.op === '<=' ? value <= check.value : value >= check.value;
}

/** The measured value; null without one, NaN where the numbers cannot be. */
function measuredValue(sample: Sample | undefined): number | null {
  if (sample === undefined || sample.n === 0) return null;
  const { count, value, n } = sample;
  if (!Number.isFinite(n) || n < 0) return Number.NaN;
  if (count === null) return value;
  return count >= 0 && count <= n ? count / n : Number.NaN;
}

function judgeSample(
  check: Check,
  group: string | null,
  sample: Sample | undefined,
  minimum: number,
): Verdict {
  const value = measuredValue(sample);
  // Adding 0 makes a negative zero a zero, as JSON would.
  const n = (sample && Number.isFinite(sample.n) ? sample.n : 0) + 0;
  const known = value !== null && Number.isFinite(value);
  const counted = known && sample?.count != null ? wilson(sample.count, n) : null;
  const interval = counted?.every(Number.isFinite) ? counted : null;
  const query = sample?.query;
  const verdict = {
    clause: check.id,
    group,
    value: known ? value + 0 : null,
    limit: check.value,
    n,
    minimum,
    interval,
    ...(query !== undefined && { query }),
  };
  if (sample?.doubt !== undefined) return doubted(verdict, sample.doubt);
  if (value === null) return { ...verdict, result: 'inconclusive', why: 'no-data' };
  if (!known) return { ...verdict, result: 'inconclusive', why: 'not-a-number' };
  if (n < minimum) return { ...verdict, result: 'inconclusive', why: 'few-samples' };
  return meets(check, value)
    ? { ...verdict, result: 'passed', why: 'within' }
    : { ...verdict, result: 'failed', why: 'beyond' };
}

/** Whatever numbers came with a doubt, none of them is shown as measured. */
function doubted(verdict: Omit<Verdict, 'result' | 'why'>, why: Doubt): Verdict {
  return { ...verdict, value: null, interval: null, result: 'inconclusive', why };
}

/**
 * One verdict per clause, or per group where the clause is judged by groups. `startOf`: where the window of a clause
 * begins, if the samples are of several: one metric may be judged by clauses that look back differently far.
 */
export function judge(
  checks: readonly Check[],
  place: CheckPlace,
  samples: readonly Sample[],
  rules: TierRules['minSample'],
  startOf?: (check: Check) => Instant,
): Verdict[] {
  return checks
    .filter(({ at }) => at.includes(place))
    .flatMap((check) => {
      const groups = check.by.length > 0 ? check.by : [null];
      const minimum = minimumSample(check, place, rules);
      const start = startOf?.(check);
      return groups.map((group) => {
        const sample = samples.find(
          ({ metric, from = start, ...each }) =>
            metric === check.metric && each.group === group && from === start,
        );
        return judgeSample(check, group, sample, minimum);
      });
    });
}

/** The result of a whole verification: failed before inconclusive before passed. */
export function resultOf(verdicts: readonly Verdict[]): 'passed' | 'failed' | 'inconclusive' {
  if (verdicts.some(({ result }) => result === 'failed')) return 'failed';
  return verdicts.some(({ result }) => result === 'inconclusive') ? 'inconclusive' : 'passed';
}
