import { describe, expect, test } from 'vitest';
import type { CompiledCalendar } from '../../../src/domain/calendar/calendar.js';
import {
  answers,
  approve,
  gate,
  held,
  holdId,
  openTaxChange,
  rollout,
  specify,
  taxEvidence,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR, ist } from '../../support/decider/time.js';
import { low, modelWith, pilot, STANDARD, tax, taxSpec } from '../../support/decider/use-cases.js';

const why = text('why');

/** Monday morning: 8 business hours end at 18:00 the same day. */
const MONDAY = '2026-11-16 10:00';
const onMonday = () => specify(given(tax(), MONDAY), taxSpec(), 'hari');

function lift(story: Story, source: string, by = 'farah'): Story {
  return story.when('lift-hold', { hold: holdId(story, source) }, by).thenAccepted();
}

describe('late, and too late', () => {
  test('past due a decision still counts, marked late', () => {
    const story = onMonday().at('2026-11-16 18:00');
    expect(gate(story, 'specification').clock.due).toBe(ist('2026-11-16 18:00'));
    approve(story, 'specification', 'leena');
    expect(story.the('DecisionRecorded').decision.late).toBe(false);
    story.at('2026-11-16 18:01');
    approve(story, 'specification', 'gita');
    expect(story.the('DecisionRecorded').decision.late).toBe(true);
    expect(story.state.stage).toBe('implementation');
  });

  test('a worker that was down over everything settles what was due first: the late approval is refused', () => {
    const story = onMonday();
    story.sleepUntil('2026-12-20 12:00');
    answers(story, 'specification', 'gita', 'approve').thenRejected('gate-held', 'gate');
    story
      .report({ type: 'tick' })
      .thenEvents([
        'ReminderSent',
        'ReminderSent',
        'Escalated',
        'Escalated',
        'Escalated',
        'GateTimedOut',
        'HoldPlaced',
        'GateClockMoved',
      ]);
  });

  test('the same where the outcome is to return', () => {
    const story = specify(given(low(), MONDAY), taxSpec(), 'hari');
    expect(story.state.stage).toBe('implementation');
    const other = given(pilot(ist(MONDAY)), MONDAY).sleepUntil('2026-11-30 12:00');
    answers(other, 'start', 'leena', 'approve').thenRejected('gate-closed', 'gate');
    other.at('2026-11-30 12:00');
    expect(other.the('GateTimedOut').outcome).toBe('return');
    expect(other.the('GateClosed').outcome).toBe('expired');
    expect(other.state).toMatchObject({ stage: 'scoping', gates: {}, holds: [] });
    other.when('open-gate', { gate: 'start' }, 'leena').thenAccepted();
    expect(other.the('GateOpened').gate.generation).toBe(2);
  });
});

describe('a hold stops approval clocks', () => {
  test('and lifting it moves them by the working time that was left', () => {
    const story = onMonday().at('2026-11-16 12:00');
    story
      .when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar')
      .thenEvents(['HoldPlaced', 'GateClockMoved']);
    expect(story.state.holds[0]).toMatchObject({ source: 'person', by: 'omkar' });
    answers(story, 'specification', 'gita', 'approve').thenRejected('held', 'h1');
    story.at('2026-11-18 10:00').thenEvents([]);
    lift(story, 'person').thenEvents(['HoldLifted', 'GateClockMoved']);
    // Six of the eight hours were left, and 50 % is reached after four of the eight.
    expect(gate(story, 'specification').clock).toMatchObject({
      due: ist('2026-11-18 16:00'),
      reminders: [ist('2026-11-18 12:00'), ist('2026-11-18 14:24')],
      pausedAt: null,
    });
  });

  test('a stricter answer is taken all the same', () => {
    const story = onMonday();
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
    answers(story, 'specification', 'gita', 'request-changes', { clauses: ['c1'] }).thenAccepted();
    expect(story.state.gates).toEqual({});
  });

  test('a gate that opens while something is held waits for the lifting', () => {
    const story = given(tax(), MONDAY);
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
    specify(story, taxSpec(), 'hari');
    expect(gate(story, 'specification').clock.pausedAt).toBe(story.now);
    lift(story.after(DAY), 'person');
    expect(gate(story, 'specification').clock).toMatchObject({
      due: ist('2026-11-17 18:00'),
      pausedAt: null,
    });
  });

  test('a quorum that was being confirmed waits too, and is asked about anew', () => {
    const story = onMonday();
    story.world.directory = 'down';
    approve(story, 'specification', 'leena', 'gita');
    story
      .when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar')
      .thenEvents(['HoldPlaced', 'GateReopened', 'GateClockMoved']);
    story.world.directory = 'up';
    story.perform();
    expect(story.state.stage).toBe('specification');
    lift(story, 'person');
    expect(story.state.stage).toBe('implementation');
  });

  test('where several are open, clocks go on with the last one lifted', () => {
    const story = onMonday();
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
    story.when('hold', { effect: 'review-all', scope: 'serving', reason: why }, 'omkar').thenAccepted();
    story
      .when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar')
      .thenRejected('unchanged', 'h1');
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenEvents(['HoldLifted']);
    story.when('lift-hold', { hold: 'h2' }, 'farah').thenEvents(['HoldLifted', 'GateClockMoved']);
  });
});

describe('a gate that timed out into a hold', () => {
  const timedOut = () => onMonday().at('2026-11-20 10:00');

  test('gets its whole time again when that hold is lifted', () => {
    const story = lift(timedOut(), 'timeout');
    expect(gate(story, 'specification')).toMatchObject({
      status: 'open',
      clock: { startedAt: ist('2026-11-20 10:00'), due: ist('2026-11-20 18:00'), pausedAt: null },
    });
  });

  test('but not before nothing else is held', () => {
    const story = timedOut();
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
    lift(story, 'timeout');
    expect(gate(story, 'specification')).toMatchObject({ status: 'open', clock: { pausedAt: story.now } });
    lift(story.at('2026-11-23 10:00'), 'person');
    expect(gate(story, 'specification').clock.due).toBe(ist('2026-11-23 18:00'));
  });

  test('and runs out again if nobody decides again', () => {
    const story = lift(timedOut(), 'timeout').at('2026-11-30 10:00');
    expect(held(story)).toEqual(['timeout:forward']);
  });
});

describe('a changed calendar', () => {
  function withHoliday(version: string, ...days: string[]): CompiledCalendar {
    const { calendars } = modelWith(({ calendars: written }) => {
      const mumbai = written['in-mumbai'];
      if (mumbai) Object.assign(mumbai, { version, holidays: [...mumbai.holidays, ...days].sort() });
    });
    const calendar = calendars['in-mumbai'];
    if (!calendar) throw new Error('no calendar');
    return calendar;
  }

  test('moves what is ahead, visibly, and leaves the past alone', () => {
    const story = onMonday().at('2026-11-16 16:30');
    expect(story.last.map(({ type }) => type)).toContain('ReminderSent');
    const calendar = withHoliday('2026.2', '2026-11-17', '2026-11-18');
    story.when('update-calendar', { calendar }, 'gita').thenEvents(['CalendarUpdated', 'GateClockMoved']);
    const { clock } = gate(story, 'specification');
    expect(clock).toMatchObject({ due: ist('2026-11-16 18:00'), calendar: { version: '2026.2' } });
    expect(clock.steps.map(({ at }) => at)).toEqual([
      ist('2026-11-16 18:00'),
      ist('2026-11-19 13:00'),
      ist('2026-11-19 17:00'),
    ]);
  });

  test('is refused where nothing would change, or nobody knows it', () => {
    const story = onMonday();
    const same = STANDARD.calendars['in-mumbai'];
    if (!same) throw new Error('no calendar');
    story.when('update-calendar', { calendar: same }, 'gita').thenRejected('unchanged', 'calendar');
    const unknown = { ...same, id: 'mars', version: '1' };
    story.when('update-calendar', { calendar: unknown }, 'gita').thenRejected('not-found', 'calendar');
    story.when('update-calendar', { calendar: unknown }, 'leena').thenRejected('not-permitted', 'person');
  });

  test("another team's calendar moves nothing here", () => {
    const berlin = STANDARD.calendars['eu-berlin'];
    if (!berlin) throw new Error('no calendar');
    const calendar = { ...berlin, version: '2026.2' };
    onMonday().when('update-calendar', { calendar }, 'gita').thenEvents(['CalendarUpdated']);
  });

  test('moves the end of what serves', () => {
    const story = taxLive(given(tax(), MONDAY));
    const before = story.state.serving?.approval.serveUntil ?? 0;
    const calendar = withHoliday('2026.2', '2027-05-20', '2027-05-21');
    story.when('update-calendar', { calendar }, 'gita').thenEvents(['CalendarUpdated', 'ServingTermMoved']);
    expect(story.state.serving?.approval.serveUntil).toBeGreaterThan(before + DAY);
  });
});

describe("the calendar's end", () => {
  const atItsEnd = '2028-12-28 10:00';

  test('refuses a gate whose time it does not know, and names the calendar', () => {
    const story = given(tax(), atItsEnd);
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari');
    story.when('submit-spec', { version: 1 }, 'hari').thenRejected('beyond-calendar', 'in-mumbai');
    expect(story.state).toMatchObject({ stage: 'specification', gates: {} });
  });

  test('refuses a pilot whose start gate could not be timed', () => {
    const now = ist('2028-12-29 18:00');
    expect(() => given(pilot(now), now)).toThrow();
  });

  test('an approval that lapses there leaves the delivery where people can submit it again', () => {
    const story = given(tax({ model: withLongApproval() }), '2028-12-11 10:00');
    taxInReview(story);
    const conditions = [{ text: why, owner: 'hari', due: story.now + 60 * DAY, beforeRelease: true }];
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
    approve(story, 'readiness', 'gita');
    expect(rollout(story).phase.name).toBe('pending');
    story.at('2028-12-30 10:00');
    expect(story.state).toMatchObject({ stage: 'implementation', gates: {} });
  });
});

function withLongApproval() {
  return modelWith(({ rules }) => {
    rules.governed.medium.approval.startBy = '18d';
  });
}

test('a two-key act goes on while something is held', () => {
  const story = openTaxChange(taxLive(given(tax(), MONDAY)), 'r2', ['prompt.waivers']);
  taxEvidence(story);
  story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
  story.when('override-materiality', { materiality: 'minor', reason: why }, 'gita').thenAccepted();
  expect(gate(story, 'two-key-1').clock.pausedAt).toBeNull();
  approve(story, 'two-key-1', 'farah');
  expect(story.state).toMatchObject({ delivery: { change: { materiality: 'minor' } } });
});

test('a reminder goes to those whose seat is still open', () => {
  const story = onMonday();
  approve(story, 'specification', 'gita');
  story.at('2026-11-16 14:00');
  expect(story.the('NoticeRaised').notice).toMatchObject({ kind: 'reminder', to: ['leena', 'neha'] });
  story.at('2026-11-16 16:24').at(story.now + HOUR);
});
