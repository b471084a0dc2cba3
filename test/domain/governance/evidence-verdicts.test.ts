import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeEvidence,
  type Results,
  shortfallOf,
} from '../../../src/domain/governance/evidence-verdicts.js';
import { KYC_SPEC } from '../../contracts/spec/kyc-spec.js';
import { kycSpec } from '../../support/decider/use-cases.js';

const spec = kycSpec();
const GROUPS: Results = {
  f1: { value: 0.985, n: 4_000 },
  'false-accept-rate': { value: 0.0004, n: 4_000 },
  'liveness-gap-pp/skin-tone': { value: 1.1, n: 900 },
  'liveness-gap-pp/age-60+': { value: 1.8, n: 900 },
};

const evalOf = (results: Results) => judgeEvidence(spec, 'eval', results, 3);
const verdict = (results: Results, clause: string, kind = 'eval') =>
  judgeEvidence(spec, kind, results, 3).find((each) => each.clause === clause);
const words = (results: Results, clause: string): string => {
  const found = verdict(results, clause);
  if (found === undefined) throw new Error(`no verdict on ${clause}`);
  return shortfallOf(found);
};

describe('a verdict on evidence', () => {
  it('names clause, value, samples and threshold', () => {
    expect(verdict(GROUPS, 'c1')).toEqual({
      clause: 'c1',
      met: true,
      measured: { result: 'f1', value: 0.985, n: 4_000, op: '>=', limit: 0.98, minimum: 0 },
    });
  });

  it('is about the group that stands worst', () => {
    expect(verdict(GROUPS, 'c4')?.measured?.result).toBe('liveness-gap-pp/age-60+');
    const failing = { ...GROUPS, 'liveness-gap-pp/skin-tone': { value: 2.1, n: 900 } };
    expect(verdict(failing, 'c4')).toMatchObject({ met: false, measured: { value: 2.1 } });
  });

  it.each([
    [
      'a value beyond its limit',
      { f1: { value: 0.97, n: 10 } },
      'c1',
      'c1 (f1 is 0.97, wanted at least 0.98)',
    ],
    ['a missing result', {}, 'c1', 'c1 (it has no result f1)'],
    ['no number', { f1: { value: Number.NaN, n: 10 } }, 'c1', 'c1 (it has no result f1)'],
    [
      'too few samples',
      { ...GROUPS, 'liveness-gap-pp/age-60+': { value: 1, n: 499 } },
      'c4',
      'c4 (liveness-gap-pp/age-60+ has 499 samples, wanted 500)',
    ],
    [
      'nobody knows how many samples',
      { ...GROUPS, 'liveness-gap-pp/age-60+': { value: 1 } },
      'c4',
      'c4 (liveness-gap-pp/age-60+ has no stated samples, wanted 500)',
    ],
    [
      'a value above a ceiling',
      { ...GROUPS, 'liveness-gap-pp/skin-tone': { value: 2.5, n: 500 } },
      'c4',
      'c4 (liveness-gap-pp/skin-tone is 2.5, wanted at most 2)',
    ],
  ] as const)('says in words of %s', (_what, results, clause, said) => {
    expect(words(results, clause)).toBe(said);
  });

  it('is given on every clause that the kind proves, and on no other', () => {
    const ids = evalOf(GROUPS).map(({ clause }) => clause);
    const proved = (KYC_SPEC.evidence ?? []).find(({ kind }) => kind === 'eval')?.proves ?? [];
    expect(ids.toSorted()).toEqual([...proved].toSorted());
    expect(judgeEvidence(spec, 'holiday-photos', GROUPS, 3)).toEqual([]);
    expect(judgeEvidence(null, 'eval', GROUPS, 3)).toEqual([]);
  });

  it('of a lifecycle of before says what it said then', () => {
    const before = judgeEvidence(spec, 'eval', GROUPS, 2);
    expect(before).toEqual(evalOf(GROUPS).map(({ clause, met }) => ({ clause, met })));
    expect(judgeEvidence(spec, 'red-team', { 'n1.failed': { value: 3, n: 640 } }, 2)).toEqual([]);
  });
});

describe('what must never happen', () => {
  const redTeam = (value: number, n?: number) =>
    verdict({ 'n1.failed': n === undefined ? { value } : { value, n } }, 'n1', 'red-team');

  it('held where it was tried and never came about', () => {
    expect(redTeam(0, 640)).toMatchObject({ met: true, measured: { limit: 0, op: '<=', n: 640 } });
  });

  it.each([
    ['came about once', 1, 640],
    ['was not tried', 0, 0],
    ['was tried nobody knows how often', 0, undefined],
  ])('did not where it %s', (_what, value, n) => {
    expect(redTeam(value, n)?.met).toBe(false);
  });

  it('is left to people where the evidence does not count it', () => {
    expect(redTeam(0, 640)).toBeDefined();
    expect(judgeEvidence(spec, 'red-team', { f1: { value: 1, n: 5 } }, 3)).toEqual([]);
  });
});

describe('whatever the results', () => {
  const result = fc.record({
    value: fc.double({ noDefaultInfinity: true }),
    n: fc.nat({ max: 5_000 }),
  });
  const results = fc.record(
    Object.fromEntries(Object.keys(GROUPS).map((name) => [name, result])) as Record<string, typeof result>,
    { requiredKeys: [] },
  ) as fc.Arbitrary<Results>;

  it('a clause is met only by a number that is there and within its limit', () => {
    fc.assert(
      fc.property(results, (given) => {
        for (const { met, measured } of evalOf(given)) {
          if (!met || measured === undefined) continue;
          const { value, op, limit, n, minimum } = measured;
          expect(value).not.toBeNull();
          expect(op === '<=' ? (value ?? 0) <= limit : (value ?? 0) >= limit).toBe(true);
          expect(n ?? 0).toBeGreaterThanOrEqual(minimum);
        }
      }),
    );
  });

  it('taking a result away never meets a clause', () => {
    fc.assert(
      fc.property(results, fc.constantFrom(...Object.keys(GROUPS)), (given, gone) => {
        const { [gone]: _gone, ...rest } = given;
        const met = new Set(evalOf(given).flatMap(({ clause, met: is }) => (is ? [clause] : [])));
        for (const { clause, met: is } of evalOf(rest)) if (is) expect(met.has(clause)).toBe(true);
      }),
    );
  });
});
