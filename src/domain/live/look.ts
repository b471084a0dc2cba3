/** One look at what is measured: which windows it needs, and what they say clause by clause. */
import { judge } from '../release/judge.js';
import type { Sample, Verdict } from '../release/verdict.js';
import type { Instant } from '../vocabulary.js';
import type { WatchedCheck, WatchTerms } from './terms.js';

interface AskedMetric {
  readonly metric: string;
  /** The group it is asked for; null: all cases together. */
  readonly by: string | null;
}

/** A window that ends at the look, and what is asked of it. */
export interface AskedWindow {
  readonly from: Instant;
  readonly metrics: readonly AskedMetric[];
}

/** Samples by the beginning of their window. */
export type Answers = ReadonlyMap<Instant, readonly Sample[]>;

/** What one look says about a clause, or one group of it. */
export interface Looked {
  readonly verdict: Verdict;
  readonly from: Instant;
  /** Since when nothing is measured of it; null: something is. */
  readonly silentSince: Instant | null;
}

/** The clause's own window, never from before the exposure: then it was another one. */
export function windowOf({ window }: WatchedCheck, since: Instant, at: Instant): Instant {
  return window === null ? since : Math.max(since, at - window);
}

/** A long window still has its old samples when the source has been silent for long, so a short one is asked for too. */
function recent(
  { window }: WatchedCheck,
  { silenceAfter }: WatchTerms,
  since: Instant,
  at: Instant,
): Instant {
  return Math.max(since, at - Math.min(window ?? silenceAfter, silenceAfter));
}

/** The windows that a look at this instant asks for, each metric once in each. */
export function windowsAt(terms: WatchTerms, since: Instant, at: Instant): AskedWindow[] {
  const asked = terms.checks.flatMap((one) => {
    const metrics = questionsOf(one);
    return [windowOf(one, since, at), recent(one, terms, since, at)].map((from) => ({ from, metrics }));
  });
  return [...new Set(asked.map(({ from }) => from))].map((from) => {
    const metrics = asked.filter((one) => one.from === from).flatMap((one) => one.metrics);
    const again = (one: AskedMetric, index: number) =>
      metrics.findIndex(({ metric, by }) => metric === one.metric && by === one.by) < index;
    return { from, metrics: metrics.filter((one, index) => !again(one, index)) };
  });
}

/** One for each group a clause is judged by, or one for all cases together. */
export function questionsOf({ check: { metric, by } }: WatchedCheck): AskedMetric[] {
  return by.length === 0 ? [{ metric, by: null }] : by.map((group) => ({ metric, by: group }));
}

/** Says what the answers mean, clause by clause. */
export function lookAt(terms: WatchTerms, since: Instant, at: Instant, answers: Answers): Looked[] {
  return terms.checks.flatMap((one) => {
    const from = windowOf(one, since, at);
    const lately = recent(one, terms, since, at);
    return judge([one.check], 'live', answers.get(from) ?? [], terms.minSample).map((verdict) => {
      const measured = (begin: Instant) => isMeasured(sampleOf(answers.get(begin), one, verdict));
      if (!measured(lately) || !measured(from)) return { verdict, from, silentSince: lately };
      const silentSince = isEmpty(one, answers.get(from), since, at) ? at : null;
      return { verdict, from, silentSince };
    });
  });
}

function sampleOf(samples: readonly Sample[] = [], { check }: WatchedCheck, { group }: Verdict) {
  return samples.find((sample) => sample.metric === check.metric && sample.group === group);
}

/** A source that counted no cases has measured something; one that has no number has not. */
function isMeasured(sample: Sample | undefined): boolean {
  if (sample === undefined || sample.doubt !== undefined || !Number.isFinite(sample.n)) return false;
  const { count, value, n } = sample;
  return n === 0 || count !== null || (value !== null && Number.isFinite(value));
}

/** No case of any group in a whole window: whoever counts is not asked any more. One group may well have none. */
function isEmpty(
  { check: { metric, by }, window }: WatchedCheck,
  samples: readonly Sample[] = [],
  since: Instant,
  at: Instant,
): boolean {
  if (window === null || at - since < window) return false;
  const groups: readonly (string | null)[] = by.length === 0 ? [null] : by;
  const own = samples.filter((sample) => sample.metric === metric && groups.includes(sample.group));
  return own.every(({ n }) => n === 0);
}
