import { describe, expect, test } from 'vitest';
import { type Answers, lookAt, windowsAt } from '../../../src/domain/live/look.js';
import type { WatchTerms } from '../../../src/domain/live/terms.js';
import type { Sample } from '../../../src/domain/release/verdict.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { check, sample, terms } from './watching.js';

const SINCE = 1_000 * DAY;
const LATER = SINCE + 10 * DAY;
const MINUTES_10 = HOUR / 6;

/** What a look says where every window is answered with the same samples, but for the short one. */
function looked(watched: WatchTerms, at: number, whole: readonly Sample[], lately = whole) {
  const answers: Answers = new Map(
    windowsAt(watched, SINCE, at).map(({ from }) => [from, at - from <= MINUTES_10 ? lately : whole]),
  );
  return lookAt(watched, SINCE, at, answers);
}

describe('the windows of a look', () => {
  test('each clause has its own, and a short one that tells silence', () => {
    const watched = terms(
      [check('c1', { window: 3 * DAY }), check('c2', { metric: 'tone', window: DAY })],
      MINUTES_10,
    );
    expect(windowsAt(watched, SINCE, LATER)).toEqual([
      { from: LATER - 3 * DAY, metrics: [{ metric: 'errors', by: null }] },
      {
        from: LATER - MINUTES_10,
        metrics: [
          { metric: 'errors', by: null },
          { metric: 'tone', by: null },
        ],
      },
      { from: LATER - DAY, metrics: [{ metric: 'tone', by: null }] },
    ]);
  });

  test('none begins before people were exposed', () => {
    const watched = terms([check('c1', { window: 3 * DAY })], DAY);
    expect(windowsAt(watched, SINCE, SINCE + HOUR).map(({ from }) => from)).toEqual([SINCE]);
  });

  test('a clause without a window is judged over the whole exposure', () => {
    const watched = terms([check('c1', { window: null })], DAY);
    expect(windowsAt(watched, SINCE, LATER).map(({ from }) => from)).toEqual([SINCE, LATER - DAY]);
  });

  test('groups are asked for one by one, and no question twice', () => {
    const by = ['young', 'old'];
    const watched = terms([check('c1', { by, window: DAY }), check('c2', { by, window: DAY })], DAY);
    expect(windowsAt(watched, SINCE, LATER)).toEqual([
      {
        from: LATER - DAY,
        metrics: [
          { metric: 'errors', by: 'young' },
          { metric: 'errors', by: 'old' },
        ],
      },
    ]);
  });
});

describe('what answers say', () => {
  const watched = terms([check('c1', { window: DAY, minSample: 100 })], MINUTES_10);

  test.each([
    ['within', sample(5, 10_000), 'passed'],
    ['beyond', sample(500, 10_000), 'failed'],
    ['too few', sample(50, 99), 'inconclusive'],
  ])('%s', (_name, one, result) => {
    expect(looked(watched, LATER, [one])).toMatchObject([
      { verdict: { clause: 'c1', result }, silentSince: null },
    ]);
  });

  test('a source that counts no case now is not silent', () => {
    expect(looked(watched, LATER, [sample(5, 10_000)], [sample(0, 0)])[0]?.silentSince).toBeNull();
  });

  test.each([
    ['nothing', []],
    ['no number', [{ ...sample(0, 10), count: null, value: Number.NaN }]],
    ['null', [{ ...sample(0, 10), count: null, value: null }]],
    ['another metric', [{ ...sample(0, 10), metric: 'tone' }]],
    ['another group', [{ ...sample(0, 10), group: 'old' }]],
  ])('a long window that is well hides no silence: %s', (_name, lately) => {
    expect(looked(watched, LATER, [sample(5, 10_000)], lately)).toMatchObject([
      { verdict: { result: 'passed' }, silentSince: LATER - MINUTES_10 },
    ]);
  });

  test('no case in a whole window is silence from now on, in a part of one it is not', () => {
    expect(looked(watched, LATER, [sample(0, 0)])[0]?.silentSince).toBe(LATER);
    expect(looked(watched, SINCE + DAY - 1, [sample(0, 0)])[0]?.silentSince).toBeNull();
  });

  test('a group without a case is not silent while another one has some', () => {
    const grouped = terms([check('c1', { by: ['young', 'old'] })], MINUTES_10);
    const silent = (old: number) =>
      looked(grouped, LATER, [sample(0, 0, 'young'), sample(0, old, 'old')]).map((one) => one.silentSince);
    expect(silent(1)).toEqual([null, null]);
    expect(silent(0)).toEqual([LATER, LATER]);
  });
});
