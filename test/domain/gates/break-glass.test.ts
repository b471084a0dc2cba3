import { describe, expect, test } from 'vitest';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { freezeAt } from '../../../src/domain/release/rollout-progress.js';
import {
  ALL_WELL,
  answers,
  approve,
  evidence,
  GOOD_TAX,
  gate,
  held,
  holdId,
  rollout,
  specify,
  taxInReview,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR, ist } from '../../support/decider/time.js';
import { modelWith, tax, taxSpec, WITH_HOLIDAY } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('it cannot wait');
const inReview = () => taxInReview(given(tax(), START));

function breakFor(story: Story, id: string, by = 'tara', hours = 24): Story {
  const { subject } = gate(story, id);
  return story.when('break-glass', { gate: id, subject, until: story.now + hours * HOUR, reason }, by);
}

/** Two people pass the readiness gate. */
function passed(story: Story): Story {
  breakFor(story, 'readiness').thenAccepted();
  return approve(story, 'two-key-1', 'omkar');
}

/** A rollout by command that comes to a freeze before its first step. */
const FROZEN = modelWith((model) => {
  for (const rules of Object.values(model.rules.governed)) rules.rollout.start = 'by-command';
  model.freezes = [
    { name: 'closing', from: '2026-11-17T00:00:00+05:30', until: '2026-12-01T00:00:00+05:30' },
  ];
});

function inFreeze(): Story {
  const story = approve(taxInReview(given(tax({ model: FROZEN }), START)), 'readiness', 'leena', 'gita');
  return story.at('2026-11-18 10:00');
}

const passFreeze = (story: Story, by = 'tara', hours = 24) =>
  story.when('break-glass', { freeze: 'closing', until: story.now + hours * HOUR, reason }, by);

describe('§3.19 a missing approval', () => {
  test('is passed by two people, on exactly the subject that is up for decision', () => {
    const story = inReview();
    const { subject } = gate(story, 'readiness');
    breakFor(story, 'readiness').thenAccepted();
    expect(story.state.stage).toBe('review');
    approve(story, 'two-key-1', 'omkar');
    expect(story.the('GlassBroken').glass).toMatchObject({
      by: ['tara', 'omkar'],
      what: 'readiness',
      reason,
    });
    expect(story.all('GateClosed').map(({ outcome }) => outcome)).toEqual(['passed', 'bypassed']);
    expect(story.state).toMatchObject({
      stage: 'release',
      delivery: { approval: { subject, approvers: [{ person: 'tara' }, { person: 'omkar' }] } },
    });
    expect(wanted(story).candidate).toBe(10);
  });

  test('may be passed by a key that was handed on: both names answer for it, and neither reviews it', () => {
    const story = inReview();
    const lent = { to: 'deepak', authorities: ['operatingOwner'], gates: ['two-key'] } as const;
    story.when('delegate', { ...lent, ends: story.now + 5 * DAY }, 'omkar').thenAccepted();
    breakFor(story, 'readiness').thenAccepted();
    approve(story, 'two-key-1', 'deepak');
    expect(story.state).toMatchObject({
      stage: 'release',
      delivery: {
        approval: { approvers: [{ person: 'tara' }, { person: 'deepak', mandate: { from: 'omkar' } }] },
      },
    });
    expect(wanted(story).candidate).toBe(10);
    const { excluded } = gate(story, 'retrospective-1');
    expect(excluded).toEqual(expect.arrayContaining(['tara', 'deepak', 'omkar']));
  });

  test('of a specification, which is then approved by nobody else', () => {
    const story = specify(given(tax(), START), taxSpec(), 'hari');
    breakFor(story, 'specification').thenAccepted();
    approve(story, 'two-key-1', 'omkar');
    expect(story.state.stage).toBe('implementation');
  });

  test('that ran out of time: its hold goes, too', () => {
    const story = inReview().at('2026-11-20 10:00');
    expect(held(story)).toEqual(['timeout:forward']);
    passed(story);
    expect(story.state).toMatchObject({ stage: 'release', holds: [] });
  });

  test('is not what is missing where every seat is filled', () => {
    const story = inReview();
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'gita');
    breakFor(story, 'readiness').thenRejected('unchanged', 'gate');
  });

  test('is passed on what is decided now, and not on what was', () => {
    const story = inReview();
    const old = { gate: 'readiness', subject: text('old'), until: story.now + HOUR, reason };
    story.when('break-glass', old, 'tara').thenRejected('stale-subject', 'subject');
  });

  test('whose subject changed between the keys is not passed', () => {
    const story = inReview();
    breakFor(story, 'readiness').thenAccepted();
    story.when('withdraw-gate', { gate: 'readiness', reason }, 'hari').thenAccepted();
    approve(story, 'two-key-1', 'omkar').thenEvents(['DecisionRecorded', 'GateConfirming', 'GateClosed']);
    expect(story.state).toMatchObject({ stage: 'implementation', glass: [] });
  });

  test('must be used before the glass expires, or is asked for again', () => {
    const story = taxInReview(given(tax({ model: FROZEN }), START));
    breakFor(story, 'readiness', 'tara', 12).thenAccepted();
    approve(story, 'two-key-1', 'omkar');
    story.at('2026-11-16 23:00');
    expect(story.state.stage).toBe('review');
    expect(story.last.map(({ type }) => type)).toContain('ApprovalLapsed');
  });
});

describe('§3.19 a freeze', () => {
  test('is passed by two people for a time, and stands again afterwards', () => {
    const story = inFreeze();
    story.when('start-rollout', {}, 'omkar').thenRejected('frozen', 'closing');
    passFreeze(story).thenAccepted();
    approve(story, 'two-key-1', 'omkar');
    story.when('start-rollout', {}, 'omkar').thenAccepted();
    expect(wanted(story).candidate).toBe(10);
    story.world.metrics = ALL_WELL;
    story.at('2026-11-20 10:00');
    expect(rollout(story)).toMatchObject({ step: 1, phase: { name: 'pending' } });
  });

  test('is passed for the release that is rolled out, and stands for any other', () => {
    const story = approve(passFreeze(inFreeze(), 'tara', 72).thenAccepted(), 'two-key-1', 'omkar');
    expect(freezeAt(story.state, story.now)).toBeNull();
    const delivery = deliveryOf(story.state);
    if (delivery?.step !== 'release') return expect.fail('nothing is rolled out');
    const release = { ...delivery.release, digest: text('another') };
    const other = { ...story.state, delivery: { ...delivery, release } } as State;
    expect(freezeAt(other, story.now)).toMatchObject({ name: 'closing' });
  });

  test('that does not stand now is not passed, nor anything else where the model says so', () => {
    const story = inFreeze();
    const other = { freeze: 'holidays', until: story.now + HOUR, reason };
    story.when('break-glass', other, 'tara').thenRejected('not-found', 'freeze');
    const strict = modelWith((model) => {
      if (model.breakGlass) model.breakGlass = { ...model.breakGlass, freezes: false, gates: [] };
    });
    const refused = taxInReview(given(tax({ model: strict }), START));
    refused.when('break-glass', other, 'tara').thenRejected('not-passable', 'freeze');
    breakFor(refused, 'readiness').thenRejected('not-passable', 'gate');
  });

  test('without a release that is being rolled out there is nothing to pass', () => {
    const story = given(tax({ model: FROZEN }), '2026-11-18 10:00');
    passFreeze(story).thenRejected('wrong-stage', 'freeze');
  });
});

describe('§3.19 it never passes', () => {
  test.each([
    ['a stop-ship', (story: Story) => story.when('stop-ship', { scope: 'candidate', reason }, 'tara')],
    [
      'a hold',
      (story: Story) => story.when('hold', { effect: 'forward', scope: 'candidate', reason }, 'farah'),
    ],
    ['a conflict', (story: Story) => story.when('raise-conflict', { reason }, 'chitra')],
  ])('%s', (_, stop) => {
    breakFor(stop(inReview()).thenAccepted(), 'readiness').thenRejected('held');
  });

  test('a failed verification', () => {
    const story = inReview();
    story.when(
      'add-evidence',
      evidence(story, 'eval', { ...GOOD_TAX, tone: { value: 0.5, n: 9_000 } }),
      'ci',
    );
    // The review went back: no gate is left whose approval could be missing.
    expect(story.state).toMatchObject({ stage: 'implementation', gates: {} });
    const frozen = inFreeze();
    frozen.when('add-evidence', evidence(frozen, 'eval', { tone: { value: 0.5 } }), 'ci').thenAccepted();
    expect(held(frozen)).toEqual(['verification:forward']);
    passFreeze(frozen).thenRejected('held', 'h1');
  });

  test('evidence that is missing or too old', () => {
    const story = inReview();
    story.at(story.now + 100 * DAY);
    breakFor(story, 'readiness').thenRejected('evidence-stale', 'eval');
  });

  test('a prohibited tier', () => {
    const story = inFreeze();
    story.when('assess-risk', { facts: { 'eu-prohibited-practice': 'listed' } }, 'bela').thenAccepted();
    passFreeze(story).thenRejected('prohibited', 'tier');
  });

  test('what stopped it between the two keys', () => {
    const story = inReview();
    breakFor(story, 'readiness').thenAccepted();
    story.when('stop-ship', { scope: 'candidate', reason }, 'tara').thenAccepted();
    approve(story, 'two-key-1', 'omkar');
    expect(story.state).toMatchObject({ stage: 'review', glass: [] });
  });

  test('what went past the system', () => {
    const story = inReview();
    story.report({ type: 'finding', finding: { id: 'f1', kind: 'reset', gate: null, detail: 'reset' } });
    breakFor(story, 'readiness').thenRejected('gate-frozen', 'f1');
  });
});

describe('§3.19 the two keys', () => {
  test('are those of the operating model, of different people, none of them an author', () => {
    breakFor(inReview(), 'readiness', 'leena').thenRejected('two-keys-required');
    const story = inReview();
    breakFor(story, 'readiness', 'omkar').thenAccepted();
    answers(story, 'two-key-1', 'omkar', 'approve').thenRejected('already-decided');
    const authored = taxInReview(
      given(tax({ rights: { ...tax().rights, stopShipHolder: ['tara', 'hari'] } }), START),
    );
    breakFor(authored, 'readiness', 'hari').thenRejected('excluded', 'person');
  });

  test('§3.18 are turned within 30 minutes, day and night', () => {
    const story = inReview().at('2026-11-16 23:50');
    breakFor(story, 'readiness').thenAccepted();
    expect(gate(story, 'two-key-1').clock).toMatchObject({ timeout: ist('2026-11-17 00:20'), reminders: [] });
    const { generation, subject } = gate(story, 'two-key-1');
    story.at('2026-11-17 00:20');
    story
      .when('decide', { gate: 'two-key-1', generation, subject, decision: 'approve' }, 'omkar')
      .thenRejected('gate-closed', 'gate');
    expect(story.state.stage).toBe('review');
  });

  test('by no calendar: another one moves nothing', () => {
    const story = inReview();
    breakFor(story, 'readiness').thenAccepted();
    const { clock } = gate(story, 'two-key-1');
    const calendar = WITH_HOLIDAY.calendars['in-mumbai'];
    if (!calendar) throw new Error('no calendar');
    const another = { ...calendar, version: '2026.2' };
    story.when('update-calendar', { calendar: another }, 'gita').thenAccepted();
    expect(gate(story, 'two-key-1').clock).toEqual(clock);
    expect(gate(story, 'readiness').clock.calendar.version).toBe('2026.2');
  });

  test('say until when, within what the model allows', () => {
    breakFor(inReview(), 'readiness', 'tara', 73).thenRejected('over-cap', 'until');
    breakFor(inReview(), 'readiness', 'tara', 0).thenRejected('over-cap', 'until');
  });

  test('turn nothing where nobody could review it afterwards', () => {
    const model = modelWith(({ breakGlass }) => {
      if (breakGlass) breakGlass.retrospective.seats = ['conflictResolver', 'conflictResolver'];
    });
    const story = taxInReview(given(tax({ model }), START));
    breakFor(story, 'readiness').thenRejected('unstaffed');
  });

  test('are not turned by the only one who could review it: others are named', () => {
    const story = taxInReview(
      given(tax({ rights: { ...tax().rights, stopShipHolder: ['tara', 'farah'] } }), START),
    );
    breakFor(story, 'readiness', 'omkar').thenAccepted();
    answers(story, 'two-key-1', 'farah', 'approve').thenRejected('unstaffed', 'risk');
    expect(story.rejection?.reasons[0]?.message).toContain('the key is turned by tara');
    expect(gate(story, 'two-key-1').decisions).toHaveLength(1);
    approve(story, 'two-key-1', 'tara');
    expect(story.state).toMatchObject({ stage: 'release', glass: [{ by: ['tara', 'omkar'] }] });
  });

  test('are not turned in the voice of the only one who could review it', () => {
    const story = taxInReview(given(tax({ rights: { ...tax().rights, operatingOwner: 'farah' } }), START));
    const lent = { to: 'deepak', authorities: ['operatingOwner'], gates: ['two-key'] } as const;
    story.when('delegate', { ...lent, ends: story.now + 5 * DAY }, 'farah').thenAccepted();
    breakFor(story, 'readiness').thenAccepted();
    answers(story, 'two-key-1', 'deepak', 'approve').thenRejected('unstaffed', 'risk');
    expect(story.rejection?.reasons[0]?.message).toContain('nobody else can turn it either');
  });

  test('are known to no model from before glass was', () => {
    const { breakGlass: _unknown, ...model } = modelWith(() => {});
    breakFor(taxInReview(given(tax({ model }), START)), 'readiness').thenRejected('gate-not-listed');
  });
});

describe('§3.19 the retrospective gate', () => {
  const review = 'retrospective-1';

  test('opens with the glass, is asked of governance and risk, and is in the view', () => {
    const story = passed(inReview());
    expect(gate(story, review)).toMatchObject({
      seats: [{ id: 'governance' }, { id: 'risk' }],
      clock: { due: ist('2026-11-18 10:00'), timeout: ist('2026-11-18 10:00') },
    });
    expect(gate(story, review).excluded).toEqual(expect.arrayContaining(['tara', 'omkar', 'hari']));
    expect(viewOf(story.state, story.actor('gita'), story.now).glass).toMatchObject([
      { glass: review, passes: 'approval', what: 'readiness', by: ['tara', 'omkar'], reviewed: false },
    ]);
  });

  test('passes: nothing is left of it once it has expired', () => {
    const story = approve(passed(inReview()), review, 'gita', 'farah');
    expect(story.the('GlassReviewed').outcome).toBe('passed');
    expect(story.state.glass).toMatchObject([{ reviewed: true }]);
    story.after(2 * DAY);
    expect(story.state).toMatchObject({ glass: [], holds: [] });
  });

  test('missed at its due instant: the release is held, and the gate stays open', () => {
    const story = passed(inReview());
    story.world.metrics = ALL_WELL;
    story.at('2026-11-18 09:59');
    expect(held(story)).toEqual([]);
    story.at('2026-11-18 10:00');
    expect(held(story)).toEqual(['retrospective:review-all']);
    expect(story.state.exposure.wanted.review).toBe('all');
    answers(story, review, 'gita', 'approve').thenRejected('gate-held', 'gate');
    story.when('lift-hold', { hold: holdId(story, 'retrospective') }, 'farah').thenAccepted();
    approve(story, review, 'gita', 'farah');
    expect(story.state.holds).toEqual([]);
  });

  test('waits for no hold', () => {
    const story = passed(inReview());
    story.when('hold', { effect: 'forward', scope: 'candidate', reason }, 'farah').thenAccepted();
    expect(gate(story, review).clock.pausedAt).toBeNull();
    approve(story, review, 'gita', 'farah');
    expect(story.the('GlassReviewed').outcome).toBe('passed');
  });

  test('rejects: an approval that nobody stands behind takes the release back', () => {
    const story = passed(inReview());
    answers(story, review, 'gita', 'reject', { comment: reason }).thenAccepted();
    expect(rollout(story).phase.name).toBe('rolled-back');
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
  });

  test('rejects what serves by now: it is taken back, too', () => {
    const story = passed(inReview());
    story.world.metrics = ALL_WELL;
    approve(story, review, 'gita').at('2026-11-19 12:00');
    story.when('lift-hold', { hold: holdId(story, 'retrospective') }, 'farah').thenAccepted();
    story.at('2026-11-20 18:00').when('accept-exposure', {}, 'omkar').thenAccepted();
    expect(story.state).toMatchObject({ stage: 'live', serving: { percent: 100 } });
    answers(story, review, 'farah', 'reject', { comment: reason }).thenAccepted();
    expect(story.state.serving).toBeNull();
  });

  test('rejects a passed freeze, which stands again, or asks for changes: the release is held', () => {
    const frozen = approve(passFreeze(inFreeze()).thenAccepted(), 'two-key-1', 'omkar');
    answers(frozen, review, 'gita', 'reject', { comment: reason }).thenAccepted();
    expect(held(frozen)).toEqual(['retrospective:review-all']);
    frozen.when('lift-hold', { hold: holdId(frozen, 'retrospective') }, 'farah').thenAccepted();
    expect(frozen.state.glass).toEqual([]);
    frozen.when('start-rollout', {}, 'omkar').thenRejected('frozen', 'closing');
    const story = passed(inReview());
    answers(story, review, 'gita', 'request-changes', { comment: reason }).thenAccepted();
    expect(held(story)).toEqual(['retrospective:review-all']);
  });

  test('is withdrawn by nobody, and decided by nobody who broke the glass', () => {
    const story = passed(inReview());
    story.when('withdraw-gate', { gate: review, reason }, 'bela').thenRejected('not-permitted', 'gate');
    story.when('withdraw-gate', { gate: review, reason }, 'tara').thenRejected('not-permitted', 'gate');
    answers(story, review, 'omkar', 'approve').thenRejected('excluded', 'person');
  });
});
