import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asks, NOTICE_KINDS, tellAt, told } from '../../../src/domain/lifecycle/telling.js';
import { answers, specify } from '../../support/decider/acts.js';
import { given } from '../../support/decider/story.js';
import { HOUR, ist } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';
import { mumbai } from '../calendar/calendars.js';

const MINUTE = HOUR / 60;

describe('when somebody is told', () => {
  const request = { kind: 'request', due: null } as const;
  const at = (written: string) => ist(written);

  test('at once, without habits', () => {
    expect(tellAt(request, { digestMs: 0, hours: null }, 5)).toBe(5);
  });

  test('after the window, with whatever else came in it', () => {
    expect(tellAt(request, { digestMs: 15 * MINUTE, hours: null }, 0)).toBe(15 * MINUTE);
  });

  test('in quiet hours once the office opens: over a weekend and a holiday too', () => {
    const habits = { digestMs: 15 * MINUTE, hours: mumbai };
    expect(tellAt(request, habits, at('2026-11-16 18:20'))).toBe(at('2026-11-17 09:30'));
    expect(tellAt(request, habits, at('2026-11-20 21:00'))).toBe(at('2026-11-24 09:30'));
    expect(tellAt(request, habits, at('2026-11-16 10:00'))).toBe(at('2026-11-16 10:15'));
  });

  test('at once where it would be due before', () => {
    const habits = { digestMs: 0, hours: mumbai };
    const night = at('2026-11-16 22:00');
    expect(tellAt({ kind: 'request', due: at('2026-11-17 09:30') }, habits, night)).toBe(night);
    expect(tellAt({ kind: 'request', due: at('2026-11-17 09:31') }, habits, night)).toBe(
      at('2026-11-17 09:30'),
    );
  });

  test.each(['hold', 'escalation'] as const)('at once of a %s', (kind) => {
    expect(tellAt({ kind, due: null }, { digestMs: HOUR, hours: mumbai }, at('2026-11-16 22:00'))).toBe(
      at('2026-11-16 22:00'),
    );
  });

  test('without waiting for hours that the calendar does not know', () => {
    const beyond = mumbai.validThrough + HOUR;
    expect(tellAt(request, { digestMs: MINUTE, hours: mumbai }, beyond)).toBe(beyond + MINUTE);
  });

  test('never before it happened, and never at its due or later unless that is over', () => {
    const instant = fc.integer({ min: mumbai.validFrom, max: mumbai.validThrough + 100 * HOUR });
    const due = fc.option(instant);
    const digestMs = fc.integer({ min: 0, max: 30 * HOUR });
    fc.assert(
      fc.property(
        fc.constantFrom(...NOTICE_KINDS),
        due,
        digestMs,
        fc.boolean(),
        instant,
        (kind, by, wait, quiet, now) => {
          const told = tellAt({ kind, due: by }, { digestMs: wait, hours: quiet ? mumbai : null }, now);
          expect(told).toBeGreaterThanOrEqual(now);
          if (by !== null && told !== now) expect(told).toBeLessThan(by);
        },
      ),
    );
  });
});

test('only what is for information asks nobody', () => {
  expect(NOTICE_KINDS.filter((kind) => !asks(kind))).toEqual(['information']);
});

describe('what somebody is told', () => {
  const onMonday = () => specify(given(tax(), '2026-11-16 10:00'), taxSpec(), 'hari');
  const notice = (due: number | null) =>
    ({ id: 'n1', kind: 'request', to: ['leena', 'gita', 'divya'], gate: 'specification', due }) as const;

  test('is the seat that is theirs, and when it is due in their zone', () => {
    const { state } = onMonday();
    expect(told(state, notice(ist('2026-11-16 18:00')))).toEqual({
      ...notice(ist('2026-11-16 18:00')),
      seats: { leena: ['product'], gita: ['governance'] },
      dueLocal: '2026-11-16 18:00 Asia/Kolkata',
    });
  });

  test('leaves out a seat that is filled, and a gate that is closed', () => {
    const story = answers(onMonday(), 'specification', 'gita', 'approve');
    expect(told(story.state, notice(null)).seats).toEqual({ leena: ['product'] });
    answers(story, 'specification', 'leena', 'approve');
    expect(told(story.state, notice(null))).toMatchObject({ seats: {}, dueLocal: null });
  });
});
