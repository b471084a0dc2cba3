import { describe, expect, test } from 'vitest';
import { watchTerms } from '../../../src/domain/live/terms.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { STANDARD } from '../../support/decider/use-cases.js';
import { check } from './watching.js';

const MINUTE = HOUR / 60;
const silence = (after: number) => ({
  silence: { after, effect: 'warn' as const },
  minSample: { shadow: 20, exposed: 3 },
});
const of = (checks: readonly ReturnType<typeof check>[], after: number, timeScale = 1) =>
  watchTerms({ checks }, silence(after), { ...STANDARD, timeScale });

test('a spec without live clauses is not watched', () => {
  expect(of([check('c1', { at: ['canary'] })], HOUR)).toBeNull();
  expect(of([check('c1', { at: ['canary'] }), check('c2')], HOUR)?.checks).toHaveLength(1);
});

describe('how often', () => {
  test.each([
    ['as the clause says', { every: 6 * HOUR }, 10 * MINUTE, 6 * HOUR],
    ['ten times in a window', { window: 5 * HOUR }, 30 * DAY, 30 * MINUTE],
    ['twice within the limit of silence', { window: 30 * DAY }, 10 * MINUTE, 5 * MINUTE],
    ['a clause without a window as if it had a day', { window: null }, 30 * DAY, DAY / 10],
  ])('%s', (_how, changes, after, poll) => {
    expect(of([check('c1', changes)], after)?.poll).toBe(poll);
  });

  test('as the most hurried of several, never more than once a second', () => {
    expect(of([check('c1', { every: DAY }), check('c2', { every: HOUR })], DAY)?.poll).toBe(HOUR);
    expect(of([check('c1', { every: DAY })], DAY, 0.000_001)?.poll).toBe(1_000);
  });
});

test('a demonstration shortens windows, strides and silence alike', () => {
  const terms = of([check('c1', { window: DAY, every: HOUR })], 2 * HOUR, 0.1);
  expect(terms).toMatchObject({
    checks: [{ window: DAY / 10, stride: HOUR / 10 }],
    silenceAfter: HOUR / 5,
    poll: HOUR / 10,
  });
});
