import { expect, test } from 'vitest';
import {
  ALL_WELL,
  answers,
  approve,
  evidence,
  GOOD_TAX,
  gate,
  held,
  holdId,
  openTaxChange,
  register,
  rollout,
  specify,
  taxEvidence,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { modelWith, tax, taxSpec, WITH_HOLIDAY } from '../../support/decider/use-cases.js';

/** Friday 20 November 2026, 17:00: readiness opens, and the Monday is a holiday. */
function onFridayEvening(): Story {
  const story = given(tax({ model: WITH_HOLIDAY }), '2026-11-19 10:00');
  specify(story, taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  story.at('2026-11-20 17:00');
  return taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
}

test('B1: on a Friday evening before a holiday, business hours decide', () => {
  const story = onFridayEvening();
  expect(gate(story, 'readiness').clock).toMatchObject({
    reminders: [ist('2026-11-24 12:00'), ist('2026-11-24 14:24')],
    due: ist('2026-11-24 16:00'),
    calendar: { id: 'in-mumbai', zone: 'Asia/Kolkata' },
  });
  story.at('2026-11-24 11:59').thenEvents([]);
  story.at('2026-11-24 12:00').thenEvents(['ReminderSent']);
  expect(story.the('ReminderSent')).toMatchObject({ share: 50, due: ist('2026-11-24 16:00') });
  expect(story.the('NoticeRaised').notice.to).toEqual(expect.arrayContaining(['leena', 'gita']));
  story.at('2026-11-24 14:24').thenEvents(['ReminderSent']);
});

test('B3: the chain runs to its end, then the gate is held and never passes by itself', () => {
  const story = onFridayEvening();
  const steps: [string, string, string[]][] = [
    ['2026-11-24 16:00', 'lead', ['divya']],
    ['2026-11-25 11:00', 'function-head', ['neha', 'lata']],
    ['2026-11-25 15:00', 'resolver', ['anand']],
  ];
  story.at('2026-11-24 15:59');
  for (const [at, step, to] of steps) {
    story.at(at).thenEvents(['Escalated']);
    expect(story.the('Escalated')).toMatchObject({ step, to });
  }
  story.at('2026-11-26 09:59').thenEvents([]);
  story.at('2026-11-26 10:00').thenEvents(['GateTimedOut', 'HoldPlaced', 'GateClockMoved']);
  expect(gate(story, 'readiness').status).toBe('held');
  expect(held(story)).toEqual(['timeout:forward']);
  answers(story, 'readiness', 'leena', 'approve').thenRejected('gate-held', 'gate');
  story.at('2027-01-20 10:00').thenEvents([]);
  expect(story.state.stage).toBe('review');

  // B4: risk lifts the hold, the gate gets its whole time again, and two approve.
  story.when('lift-hold', { hold: holdId(story, 'timeout') }, 'leena').thenRejected('not-permitted');
  story.when('lift-hold', { hold: holdId(story, 'timeout') }, 'farah').thenAccepted();
  expect(gate(story, 'readiness').clock.due).toBe(ist('2027-01-20 18:00'));
  approve(story, 'readiness', 'leena', 'gita');
  story.world.metrics = ALL_WELL;
  const began = story.now;
  const shares: (number | null)[] = [];
  for (const day of [0, 1, 2]) {
    story.at(began + day * DAY);
    shares.push(wanted(story).candidate);
  }
  expect(shares).toEqual([10, 50, 100]);
  story.at(began + 3 * DAY);
  expect(rollout(story).phase.name).toBe('accepting');
  story
    .when('accept-exposure', {}, 'omkar')
    .thenEvents([
      'ExposureAccepted',
      'ReleaseServing',
      'DeliveryClosed',
      'ExposureRequested',
      'ExposureConfirmed',
    ]);
  expect(story.state).toMatchObject({ stage: 'live', serving: { release: { label: 'r1' }, percent: 100 } });
});

test('B5: a change of the tone touches a check alone: minor, one approver', () => {
  const story = taxLive(given(tax(), '2026-11-02 10:00'));
  openTaxChange(story, 'r2', ['prompt.tone']);
  const results = { ...GOOD_TAX, tone: { value: 0.96, n: 12_000 } };
  story.when('add-evidence', evidence(story, 'eval', results), 'ci');
  story.when('submit-for-review', {}, 'hari').thenEvents(['DeliveryMoved', 'GateOpened']);
  expect(gate(story, 'change').seats.map(({ id }) => id)).toEqual(['changeApprover']);
  approve(story, 'change', 'chitra');
  expect(wanted(story)).toEqual({ candidate: 10, serving: 90 });
  story
    .after(3 * DAY)
    .when('accept-exposure', {}, 'omkar')
    .thenAccepted();
  expect(story.state.serving?.release.label).toBe('r2');
  expect(story.state.earlier.map(({ release }) => release.label)).toEqual(['r1']);
});

test('B5: the same change whose evidence fails is no change yet', () => {
  const story = taxLive(given(tax(), '2026-11-02 10:00'));
  openTaxChange(story, 'r2', ['prompt.tone']);
  const results = { ...GOOD_TAX, tone: { value: 0.94, n: 12_000 } };
  story.when('add-evidence', evidence(story, 'eval', results), 'ci').thenAccepted();
  story.when('submit-for-review', {}, 'hari').thenRejected('evidence-failed', 'eval');
});

test('B6: a change that touches the waiver clause is material; what serves goes on serving', () => {
  const story = taxLive(given(tax(), '2026-11-02 10:00'));
  openTaxChange(story, 'r2', ['prompt.waivers']);
  story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
  story.when('submit-for-review', {}, 'hari');
  expect(gate(story, 'readiness').seats.map(({ id }) => id)).toEqual(['product', 'governance']);
  expect(story.state).toMatchObject({
    stage: 'live',
    delivery: { step: 'review', change: { materiality: 'material' } },
  });
  answers(story, 'readiness', 'gita', 'reject', { comment: text('not ours to hint at') });
  expect(story.state).toMatchObject({ stage: 'live', delivery: null, serving: { release: { label: 'r1' } } });
  expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
});

const FROZEN = modelWith((model) => {
  model.freezes = [
    { name: 'filing-season', from: '2027-07-15T00:00:00+05:30', until: '2027-08-01T00:00:00+05:30' },
  ];
});

test('B7: a freeze blocks the step to full until the first of August, Kolkata time', () => {
  const story = given(tax({ model: FROZEN }), '2027-07-13 12:00');
  specify(story, taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  taxEvidence(story).when('submit-for-review', {}, 'hari');
  approve(story, 'readiness', 'leena', 'gita');
  story.world.metrics = ALL_WELL;
  story.at('2027-07-20 12:00');
  expect(rollout(story)).toMatchObject({ step: 2, phase: { name: 'pending' } });
  expect(wanted(story).candidate).toBe(50);
  story.when('advance', {}, 'omkar').thenRejected('frozen', 'filing-season');
  story.at('2027-07-31 23:59').thenEvents([]);
  story.at('2027-08-01 00:00');
  expect(wanted(story).candidate).toBe(100);
});

test('B7: a freeze never stops a rollback or a stop-ship', () => {
  for (const command of ['roll-back', 'stop-ship'] as const) {
    const story = given(tax({ model: FROZEN }), '2027-07-13 12:00');
    specify(story, taxSpec(), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r1', 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    approve(story, 'readiness', 'leena', 'gita');
    story.world.metrics = ALL_WELL;
    story.at('2027-07-20 12:00');
    const reason = text('why');
    if (command === 'roll-back') story.when('roll-back', { reason }, 'omkar').thenAccepted();
    else story.when('stop-ship', { scope: 'candidate', reason }, 'tara').thenAccepted();
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
  }
});

test('B8: two people pass the freeze, and nobody reviews it in time', () => {
  const story = given(tax({ model: FROZEN }), '2027-07-13 12:00');
  specify(story, taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  taxEvidence(story).when('submit-for-review', {}, 'hari');
  approve(story, 'readiness', 'leena', 'gita');
  story.world.metrics = ALL_WELL;
  story.at('2027-07-20 12:00');
  story.when('advance', {}, 'omkar').thenRejected('frozen', 'filing-season');
  const until = ist('2027-07-21 12:00');
  story.when('break-glass', { freeze: 'filing-season', until, reason: text('why') }, 'tara').thenAccepted();
  story.at('2027-07-20 12:20');
  approve(story, 'two-key-1', 'omkar');
  expect(wanted(story).candidate).toBe(100);
  expect(gate(story, 'retrospective-1').clock.due).toBe(ist('2027-07-22 12:20'));
  story.at('2027-07-22 12:20');
  expect(held(story)).toEqual(['retrospective:review-all']);
  expect(wanted(story).candidate).toBe(100);
});
