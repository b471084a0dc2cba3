import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSpec } from '../../../src/contracts/compile-spec.js';
import { fieldName } from '../../../src/contracts/form.js';
import type { Spec } from '../../../src/contracts/spec.js';
import { KYC_SPEC, LIGHT_SPEC } from './kyc-spec.js';

type Check = NonNullable<Spec['checks']>[number];
const CHECK: Check = { id: 'k1', metric: 'tone', op: '>=', value: 0.9, at: ['live'] };

function said(change: Partial<Spec>): string[] {
  const read = readSpec({ ...LIGHT_SPEC, ...change });
  return read.ok ? [] : read.problems.map(({ path, detail }) => `${fieldName(path)}: ${detail}`);
}

describe('an action that is allowed and forbidden', () => {
  const forbid = (action: string, more: object = {}) =>
    said({ mustNot: [{ id: 'n1', action, onAttempt: 'block', ...more }] });

  test('is refused, naming both clauses', () => {
    expect(forbid('match')).toEqual([
      'mustNot[0].action: n1: y1 allows the same action; keep one of the two',
    ]);
    expect(forbid(' Match ')).toHaveLength(1);
  });

  test('may be allowed within a limit and forbidden beyond it', () => {
    expect(forbid('match', { limit: 'two faces' })).toEqual([]);
    expect(forbid('match and clear')).toEqual([]);
  });
});

describe('checks that can never be met at once', () => {
  const beside = (other: Partial<Check>) =>
    said({ checks: [CHECK, { ...CHECK, id: 'k2', op: '<=', value: 0.8, ...other }] });

  test('are refused, naming both', () => {
    expect(beside({})).toEqual([
      'checks[1].value: k2: k1 asks for tone >= 0.9; both can never be met at once',
    ]);
    const grouped = { by: ['age-60+'] };
    expect(
      said({
        checks: [
          { ...CHECK, ...grouped },
          { ...CHECK, ...grouped, id: 'k2', op: '<=', value: 0 },
        ],
      }),
    ).toHaveLength(1);
  });

  test.each<[string, Partial<Check>]>([
    ['leave room between them', { value: 0.95 }],
    ['meet in one value', { value: 0.9 }],
    ['look the same way', { op: '>=' }],
    ['are about other metrics', { metric: 'f1' }],
    ['are judged elsewhere', { at: ['evidence', 'shadow'] }],
    ['are about other groups', { by: ['age-60+'] }],
  ])('are accepted where they %s', (_why, other) => {
    expect(beside(other)).toEqual([]);
  });

  test('are refused exactly where no value meets both', () => {
    const limit = fc.integer({ min: -3, max: 3 });
    const op = fc.constantFrom<Check['op']>('<=', '>=');
    fc.assert(
      fc.property(limit, op, limit, op, (first, firstOp, second, secondOp) => {
        const meets = (value: number, how: Check['op'], edge: number) =>
          how === '<=' ? value <= edge : value >= edge;
        const some = [-4, -3, -2, -1, 0, 1, 2, 3, 4].some(
          (value) => meets(value, firstOp, first) && meets(value, secondOp, second),
        );
        const checks: Check[] = [
          { ...CHECK, op: firstOp, value: first },
          { ...CHECK, id: 'k2', op: secondOp, value: second },
        ];
        expect(said({ checks }).length === 0).toBe(some);
      }),
    );
  });
});

describe('a check by itself', () => {
  test('is looked at within its window', () => {
    expect(said({ checks: [{ ...CHECK, every: '2h', window: '1h' }] })).toEqual([
      expect.stringContaining('checks[0].every: k1: is longer than the window of 1h'),
    ]);
    expect(said({ checks: [{ ...CHECK, every: '60min', window: '1h' }] })).toEqual([]);
    expect(said({ checks: [{ ...CHECK, every: '2h' }] })).toEqual([]);
  });

  test('names each of its groups once', () => {
    expect(said({ checks: [{ ...CHECK, by: ['a', 'b', 'a'] }] })).toEqual([
      'checks[0].by: k1: names the group a twice; once is enough',
    ]);
  });

  test('compiles how often it is looked at, and nothing where it does not say', () => {
    const read = readSpec({
      ...LIGHT_SPEC,
      checks: [
        { ...CHECK, every: '5min' },
        { ...CHECK, id: 'k2' },
      ],
    });
    expect(read.ok && read.compiled.checks.map(({ every }) => every)).toEqual([300_000, undefined]);
  });
});

test('the examples have none of this', () => {
  const read = readSpec(KYC_SPEC);
  expect(read.ok).toBe(true);
});
