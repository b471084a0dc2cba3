import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, minimumSample, wilson } from '../../../src/domain/release/judge.js';
import type { Sample } from '../../../src/domain/release/verdict.js';
import type { Check } from '../../../src/domain/spec/spec.js';

const RATE: Check = {
  id: 'c2',
  metric: 'false-accept-rate',
  op: '<=',
  value: 0.0005,
  at: ['shadow', 'canary'],
  by: [],
  window: null,
  failAfter: 2,
  minSample: 'auto',
  onBreach: null,
};
const HIGH: Check = { ...RATE, id: 'c1', metric: 'f1', op: '>=', value: 0.95 };
const RULES = { shadow: 10, exposed: 1 };

const verdict = (check: Check, sample: Partial<Sample>, place: 'shadow' | 'canary' = 'canary') =>
  judge(
    [check],
    place,
    [{ metric: check.metric, group: null, count: null, value: null, n: 0, ...sample }],
    RULES,
  )[0];

describe('the minimum sample of a rate', () => {
  test.each([
    [RATE, 'canary', 2_000],
    [RATE, 'shadow', 20_000],
    [{ ...RATE, value: 0.001 }, 'canary', 1_000],
    [HIGH, 'canary', 20],
    [{ ...RATE, minSample: 7 }, 'shadow', 7],
    [{ ...RATE, value: 2 }, 'canary', 1],
  ] as const)('%#', (check, place, minimum) => {
    expect(minimumSample(check, place, RULES)).toBe(minimum);
  });
});

describe('a verdict', () => {
  test.each([
    [RATE, { count: 1, n: 2_000 }, 'passed', 'within'],
    [RATE, { count: 2, n: 2_000 }, 'failed', 'beyond'],
    [RATE, { count: 0, n: 1_999 }, 'inconclusive', 'few-samples'],
    [RATE, { count: 0, n: 0 }, 'inconclusive', 'no-data'],
    [RATE, { count: -1, n: 2_000 }, 'inconclusive', 'not-a-number'],
    [HIGH, { value: 0.95, n: 20 }, 'passed', 'within'],
    [HIGH, { value: 0.9499, n: 20 }, 'failed', 'beyond'],
    [HIGH, { value: null, n: 20 }, 'inconclusive', 'no-data'],
    [HIGH, { value: Number.NaN, n: 20 }, 'inconclusive', 'not-a-number'],
    [HIGH, { value: 0.99, n: Number.NaN }, 'inconclusive', 'not-a-number'],
    [HIGH, { value: Number.POSITIVE_INFINITY, n: 20 }, 'inconclusive', 'not-a-number'],
    [HIGH, { count: 30, n: 20 }, 'inconclusive', 'not-a-number'],
    [HIGH, { value: 0.99, n: 20, doubt: 'several-series' }, 'inconclusive', 'several-series'],
    [RATE, { count: 0, n: 9_000, doubt: 'incomplete' }, 'inconclusive', 'incomplete'],
  ] as const)('%#: %j', (check, sample, result, why) => {
    expect(verdict(check, sample)).toMatchObject({ result, why });
  });

  test('survives JSON whatever was measured, and passes only with numbers within the limit', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, 1, 2_000, Number.NaN));
    fc.assert(
      fc.property(fc.option(number), fc.option(number), number, (count, value, n) => {
        const judged = verdict(RATE, { count, value, n });
        expect(JSON.parse(JSON.stringify(judged))).toEqual({ ...judged });
        if (judged?.result === 'passed') {
          expect(judged.n).toBeGreaterThanOrEqual(judged.minimum);
          expect(judged.value).toBeLessThanOrEqual(RATE.value);
        }
      }),
    );
  });

  test('shows no number that came with a doubt, and what was asked', () => {
    const query = `sha256:${'a'.repeat(64)}`;
    const doubted = verdict(RATE, { count: 1, n: 9_000, doubt: 'incomplete', query });
    expect(doubted).toMatchObject({ value: null, interval: null, query });
    expect(verdict(RATE, { count: 1, n: 9_000 })).not.toHaveProperty('query');
  });

  test('is made of the sample of its own window where one metric is judged over several', () => {
    const [day, week] = [RATE, { ...RATE, id: 'c9' }];
    const samples = [
      { metric: RATE.metric, group: null, count: 9, value: null, n: 9_000, from: 7 },
      { metric: RATE.metric, group: null, count: 0, value: null, n: 3_000, from: 1 },
    ];
    const startOf = ({ id }: Check) => (id === 'c9' ? 7 : 1);
    const verdicts = judge([day, week], 'canary', samples, RULES, startOf);
    expect(verdicts.map(({ clause, n, result }) => [clause, n, result])).toEqual([
      ['c2', 3_000, 'passed'],
      ['c9', 9_000, 'failed'],
    ]);
    expect(judge([day], 'canary', samples.slice(0, 1), RULES, startOf)).toMatchObject([{ why: 'no-data' }]);
  });

  test('a clause is judged only where it says', () => {
    expect(judge([{ ...RATE, at: ['evidence', 'live'] }], 'canary', [], RULES)).toEqual([]);
  });
});

test('the interval holds the rate, within 0 and 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
      const count = Math.floor(n * share);
      const [low, high] = wilson(count, n);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(count / n + 1e-12);
      expect(high).toBeGreaterThanOrEqual(count / n - 1e-12);
    }),
  );
  // Known values: 3 of 3,000.
  const [low, high] = wilson(3, 3_000);
  expect(low).toBeCloseTo(0.00034, 5);
  expect(high).toBeCloseTo(0.00294, 5);
});
