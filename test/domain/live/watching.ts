/** Clauses, terms and samples for the tests of what a guard sees. */
import type { WatchTerms } from '../../../src/domain/live/terms.js';
import type { Sample } from '../../../src/domain/release/verdict.js';
import type { Check } from '../../../src/domain/spec/spec.js';
import { DAY, HOUR } from '../../support/decider/time.js';

/** At most one error in a hundred, over a day. */
export function check(id: string, changes: Partial<Check> = {}): Check {
  return {
    id,
    metric: 'errors',
    op: '<=',
    value: 0.01,
    at: ['live'],
    by: [],
    window: DAY,
    failAfter: 1,
    minSample: 1,
    onBreach: 'hold',
    ...changes,
  };
}

/** Terms as a model of full time scale makes them. */
export function terms(checks: readonly Check[], silenceAfter = HOUR): WatchTerms {
  return {
    checks: checks.map((one) => ({ check: one, window: one.window, stride: one.every ?? one.window ?? DAY })),
    minSample: { shadow: 20, exposed: 3 },
    poll: HOUR,
    silenceAfter,
  };
}

export function sample(count: number, n: number, group: string | null = null): Sample {
  return { metric: 'errors', group, count, value: null, n };
}
