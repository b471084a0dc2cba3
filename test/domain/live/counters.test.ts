import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Counters, type Known, NOTHING_COUNTED, takeLook } from '../../../src/domain/live/counters.js';
import { type Looked, lookAt, windowsAt } from '../../../src/domain/live/look.js';
import type { Sample } from '../../../src/domain/release/verdict.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { check, sample, terms } from './watching.js';

const SINCE = 1_000 * DAY;
const NOTHING_KNOWN: Known = { open: [], silent: false };
const GOOD = [sample(5, 10_000)];
const BAD = [sample(500, 10_000)];
const FEW = [sample(1, 1)];
type Answer = readonly Sample[] | 'errored';

const three = terms([check('c1', { failAfter: 3, minSample: 100 })]);

/** Looks one after the other, an hour apart or as given, all knowing the same; what each saw. */
function looks(answers: readonly Answer[], known = NOTHING_KNOWN, step = HOUR, watched = three) {
  let counters: Counters = NOTHING_COUNTED;
  return answers.map((answer, index) => {
    const at = SINCE + 30 * DAY + index * step;
    const looked = answer === 'errored' ? answer : look(answer, at, watched);
    const taken = takeLook(watched, known, counters, looked, at);
    counters = JSON.parse(JSON.stringify(taken.counters)) as Counters;
    return taken.seen.map(({ what }) => what).join('+');
  });
}

function look(samples: readonly Sample[], at: number, watched = three): Looked[] {
  const answers = new Map(windowsAt(watched, SINCE, at).map(({ from }) => [from, samples]));
  return lookAt(watched, SINCE, at, answers);
}

describe('a breach', () => {
  test('is one failing judgement where the clause says one', () => {
    expect(looks([GOOD, BAD], NOTHING_KNOWN, HOUR, terms([check('c1')]))).toEqual(['', 'breach']);
  });

  test('takes as many consecutive windows as the clause says, however often it is looked at', () => {
    expect(looks([BAD, BAD, BAD, BAD], NOTHING_KNOWN, DAY)).toEqual(['', '', 'breach', 'breach']);
    expect(looks(Array.from({ length: 49 }, () => BAD)).indexOf('breach')).toBe(48);
  });

  test('begins again with a judgement that passes', () => {
    expect(looks([BAD, BAD, GOOD, BAD, BAD, BAD], NOTHING_KNOWN, DAY)).toEqual([
      '',
      '',
      '',
      '',
      '',
      'breach',
    ]);
  });

  test('doubt neither ends the run nor completes it', () => {
    expect(looks([BAD, FEW, FEW, BAD], NOTHING_KNOWN, DAY)).toEqual(['', '', '', 'breach']);
    expect(looks([BAD, BAD, FEW, GOOD], NOTHING_KNOWN, DAY)).toEqual(['', '', '', '']);
  });

  test('says what was measured, and since when it is so', () => {
    const at = SINCE + 30 * DAY;
    const { seen } = takeLook(
      three,
      NOTHING_KNOWN,
      { ...NOTHING_COUNTED, failing: { c1: at - 2 * DAY } },
      look(BAD, at),
      at,
    );
    expect(seen).toEqual([
      {
        what: 'breach',
        clause: 'c1',
        group: null,
        value: 0.05,
        n: 10_000,
        since: at - 2 * DAY,
        window: { from: at - DAY, to: at },
      },
    ]);
  });

  test('of one group says nothing of another', () => {
    const watched = terms([check('c1', { by: ['young', 'old'] })]);
    const at = SINCE + 30 * DAY;
    const looked = look([sample(500, 10_000, 'old'), sample(5, 10_000, 'young')], at, watched);
    const { seen } = takeLook(watched, NOTHING_KNOWN, NOTHING_COUNTED, looked, at);
    expect(seen).toMatchObject([{ what: 'breach', clause: 'c1', group: 'old' }]);
  });
});

describe('a recovery', () => {
  const open: Known = { open: [{ clause: 'c1', group: null }], silent: false };

  test('takes as many windows as the breach', () => {
    expect(looks([GOOD, GOOD, GOOD], open, DAY)).toEqual(['', '', 'recovery']);
    expect(looks([GOOD, BAD, GOOD, GOOD, GOOD], open, DAY)).toEqual(['', '', '', '', 'recovery']);
  });

  test('a breach that goes on is not told again', () => {
    expect(looks([BAD, BAD, BAD, BAD], open, DAY)).toEqual(['', '', '', '']);
  });
});

describe('silence', () => {
  test('is told once it was longer than its limit', () => {
    expect(looks(['errored', 'errored', 'errored'], NOTHING_KNOWN, HOUR / 2)).toEqual(['', '', 'silence']);
  });

  test('an empty answer has been silent for as long as the window that it is about', () => {
    expect(looks([[]])).toEqual(['silence']);
  });

  test('no case at all is silence once that went on for longer than the limit', () => {
    expect(looks([[sample(0, 0)], [sample(0, 0)], [sample(0, 0)]], NOTHING_KNOWN, HOUR / 2)).toEqual([
      '',
      '',
      'silence',
    ]);
  });

  test('ends with an answer of every clause, and is not told twice', () => {
    const silent: Known = { open: [], silent: true };
    expect(looks(['errored', [], GOOD], silent)).toEqual(['', '', 'sound']);
    const two = terms([check('c1'), check('c2', { metric: 'tone' })]);
    expect(looks([GOOD, [...GOOD, { ...sample(0, 2), metric: 'tone' }]], silent, HOUR, two)).toEqual([
      '',
      'sound',
    ]);
  });

  test('an outage of the source neither breaches a clause nor forgets a run', () => {
    expect(looks([BAD, 'errored', BAD, BAD], NOTHING_KNOWN, 0.9 * DAY)).toEqual(['', '', '', 'breach']);
  });
});

test('a guard whose lifecycle knows what it told tells changes only, in turn', () => {
  const answer = fc.constantFrom<Answer>(GOOD, BAD, FEW, [], 'errored');
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (answers, hours) => {
      let known = NOTHING_KNOWN;
      let counters: Counters = NOTHING_COUNTED;
      const told: string[] = [];
      answers.forEach((each, index) => {
        const at = SINCE + 30 * DAY + index * hours * HOUR;
        const taken = takeLook(three, known, counters, each === 'errored' ? each : look(each, at), at);
        told.push(...taken.seen.map(({ what }) => what));
        // A change ends the look, and the next one begins with what the lifecycle knows and no counters.
        counters = taken.seen.length > 0 ? NOTHING_COUNTED : taken.counters;
        for (const { what } of taken.seen) {
          if (what === 'breach') known = { ...known, open: [{ clause: 'c1', group: null }] };
          if (what === 'recovery') known = { ...known, open: [] };
          if (what === 'silence') known = { ...known, silent: true };
          if (what === 'sound') known = { ...known, silent: false };
        }
      });
      const turns = (one: string, other: string) =>
        told
          .filter((what) => what === one || what === other)
          .every((what, n) => what === (n % 2 ? other : one));
      expect(turns('breach', 'recovery')).toBe(true);
      expect(turns('silence', 'sound')).toBe(true);
      if (!answers.includes(BAD)) expect(told).not.toContain('breach');
    }),
  );
});
