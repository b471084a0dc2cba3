import { describe, expect, test } from 'vitest';
import {
  answers,
  approve,
  gate,
  held,
  kycInShadow,
  register,
  rollout,
  specify,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { actor } from '../../support/decider/people.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { facts, kycComplete, low, pilot, TAX_FACTS, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');
const HIGH = { effect: 'decides' };
const PROHIBITED = { 'eu-prohibited-practice': 'listed' };

const assess = (story: Story, stated: Record<string, string | string[]>, by = 'hari') =>
  story.when('assess-risk', { facts: stated }, by);

/** Governance and risk turn the keys of the act that was begun. */
function secondKey(story: Story, by = 'farah'): Story {
  const id = Object.keys(story.state.gates).find((each) => each.startsWith('two-key')) ?? '';
  return approve(story, id, by);
}

describe('a higher tier re-opens what it newly requires', () => {
  test('in specification: the gate, the draft, and a scoping gate that was never passed', () => {
    const story = specify(given(tax(), START), taxSpec(), 'hari');
    approve(story, 'specification', 'leena');
    assess(story, HIGH).thenEvents([
      'RiskAssessed',
      'DecisionVoided',
      'GateClosed',
      'DeliveryReturned',
      'GateOpened',
    ]);
    expect(story.state).toMatchObject({ stage: 'specification', delivery: { draft: null, submitted: null } });
    expect(gate(story, 'scoping').seats.map(({ id }) => id)).toEqual(['business', 'risk']);
  });

  test('a candidate is rolled back', () => {
    const story = assess(taxInCanary(given(tax(), START)), HIGH).thenAccepted();
    expect(story.state.stage).toBe('specification');
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(held(story)).toEqual(['tier:forward']);
  });

  test('nothing is exposed before the scoping gate has passed, whatever becomes of it', () => {
    for (const ending of ['withdraw', 'request changes'] as const) {
      const story = assess(given(tax(), START), HIGH);
      if (ending === 'withdraw')
        story.when('withdraw-gate', { gate: 'scoping', reason }, 'divya').thenAccepted();
      else answers(story, 'scoping', 'farah', 'request-changes', { comment: reason }).thenAccepted();
      const seats = ['leena', 'esha', 'gita', 'farah', 'omkar'];
      specify(story, taxSpec(), 'hari');
      approve(story, 'specification', ...seats);
      register(story, 'r1', 'hari');
      for (const kind of ['red-team', 'privacy'] as const) {
        const payload = {
          kind,
          digest: text(kind),
          producer: 'lab',
          independent: true,
          collectedAt: story.now,
          about: [],
          results: {},
        };
        story.when('add-evidence', payload, 'lab').thenAccepted();
      }
      taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
      approve(story, 'readiness', ...seats);
      expect(rollout(story).phase.name).toBe('pending');
      story.when('open-gate', { gate: 'scoping' }, 'bela').thenAccepted();
      approve(story, 'scoping', 'bela', 'farah');
      expect(rollout(story).phase.name).toBe('soaking');
    }
  });

  test('where the only one who could decide wrote the brief, it is written anew', () => {
    const story = given(tax(), START);
    story
      .when('update-brief', { brief: text('x'), missing: [] }, 'bela')
      .thenRejected('wrong-stage', 'stage');
    const other = given(kycComplete({ actor: actor('asha') }), START);
    other.when('override-tier', { tier: 'medium', reason }, 'gita');
    secondKey(other, 'rohan').after(90 * DAY);
    expect(other.state).toMatchObject({ stage: 'specification', gates: {} });
    other.when('open-gate', { gate: 'scoping' }, 'asha').thenRejected('unstaffed', 'business');
    other.when('update-brief', { brief: text('x'), missing: [] }, 'ravi').thenAccepted();
    other.when('open-gate', { gate: 'scoping' }, 'asha').thenAccepted();
    other.when('update-brief', { brief: text('y'), missing: [] }, 'nikhil').thenAccepted();
    expect(gate(other, 'scoping').generation).toBe(2);
  });

  test('what serves goes on, but nothing moves until people have looked', () => {
    const story = assess(taxLive(given(tax(), START)), HIGH).thenAccepted();
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    expect(held(story)).toEqual(['tier:forward']);
    expect(Object.keys(story.state.gates)).toEqual(['scoping']);
    // Answering again lifts nothing.
    assess(story, { reach: 'up-to-1000' }).thenAccepted();
    expect(held(story)).toEqual(['tier:forward']);
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
    approve(story, 'scoping', 'bela', 'farah');
    expect(story.state).toMatchObject({ stage: 'live', scoped: 'high' });
  });

  test('in scoping the open gate is asked again, as its next generation', () => {
    const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil');
    approve(story, 'scoping', 'rohan');
    story.when('assess-risk', { facts: { money: 'more' } }, 'asha').thenAccepted();
    expect(gate(story, 'scoping')).toMatchObject({ generation: 2, decisions: [] });
    expect(story.the('GateOpened').reaffirm).toEqual(['rohan']);
  });

  test('a pilot whose tier rises is capped by the stricter share at once', () => {
    const story = approve(given(pilot(ist(START)), START), 'start', 'leena');
    expect(wanted(story).serving).toBe(10);
    assess(story, HIGH).thenAccepted();
    expect(wanted(story).serving).toBe(5);
    expect(held(story)).toEqual(['tier:forward']);
  });
});

describe('prohibited', () => {
  test('from the start: no gate opens, nothing begins', () => {
    const story = given(tax({ facts: facts({ ...TAX_FACTS, ...PROHIBITED }) }), START);
    expect(story.state).toMatchObject({ stage: 'scoping', tier: { computed: 'prohibited', rule: 'P1' } });
    expect(held(story)).toEqual(['tier:stopped']);
    story.when('open-gate', { gate: 'scoping' }, 'bela').thenRejected('gate-not-listed', 'scoping');
  });

  test('while it is rolled out: exposure zero, back to the start', () => {
    const story = assess(taxInCanary(given(tax(), START)), PROHIBITED).thenAccepted();
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(story.state.stage).toBe('specification');
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari').thenAccepted();
    story.when('submit-spec', { version: 2 }, 'hari').thenRejected('prohibited', 'tier');
  });

  test('while it serves: exposure zero, and the hold is lifted by no key', () => {
    const story = assess(taxLive(given(tax(), START)), PROHIBITED);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenRejected('prohibited', 'tier');
    story.when('hold', { effect: 'forward', scope: 'serving', reason }, 'omkar').thenAccepted();
    story.when('lift-hold', { hold: 'h2' }, 'farah').thenRejected('prohibited', 'tier');
    story.when('override-tier', { tier: 'high', reason }, 'gita').thenRejected('prohibited', 'tier');
  });

  test('correcting the fact takes governance and risk', () => {
    const story = assess(taxLive(given(tax(), START)), PROHIBITED);
    const corrected = { 'eu-prohibited-practice': 'none' };
    assess(story, corrected, 'bela').thenRejected('two-keys-required', 'governance,risk');
    assess(story, corrected, 'gita').thenEvents(['GateOpened', 'DecisionRecorded']);
    expect(story.state.tier.computed).toBe('prohibited');
    secondKey(story);
    expect(story.state.tier.computed).toBe('medium');
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    expect(held(story)).toEqual(['tier:forward']);
  });

  test('corrected to a stricter tier than before, it is scoped again', () => {
    const story = assess(taxInReview(given(tax(), START)), { ...PROHIBITED, ...HIGH });
    assess(story, { 'eu-prohibited-practice': 'none' }, 'gita');
    secondKey(story);
    expect(story.state).toMatchObject({ stage: 'specification', tier: { computed: 'high' } });
    expect(Object.keys(story.state.gates)).toEqual(['scoping']);
  });

  test('keys that were turned for other facts no longer fit', () => {
    const story = assess(given(tax(), START), PROHIBITED);
    assess(story, { 'eu-prohibited-practice': 'none' }, 'gita');
    assess(story, { data: 'identity-special' }, 'bela').thenAccepted();
    expect(Object.keys(story.state.gates)).toEqual([]);
    expect(story.state.tier.computed).toBe('prohibited');
  });
});

describe('a tier lowered by hand', () => {
  const lower = (story: Story, tier: 'low' | 'medium' | 'high', by = 'gita') =>
    story.when('override-tier', { tier, reason }, by);

  test('takes two keys, and only ever lowers', () => {
    const story = given(kycComplete(), START);
    lower(story, 'high').thenRejected('not-lower', 'tier');
    lower(story, 'medium', 'ravi').thenRejected('not-permitted', 'person');
    lower(story, 'medium').thenAccepted();
    expect(story.state.tier.lowered).toBeNull();
    secondKey(story, 'rohan');
    expect(story.state).toMatchObject({ stage: 'specification', tier: { lowered: { tier: 'medium' } } });
  });

  test('expires, and re-opens what the computed tier requires', () => {
    const story = secondKey(lower(given(kycComplete(), START), 'medium'), 'rohan');
    story.after(90 * DAY - 1).thenEvents([]);
    story.after(1);
    expect(story.last.map(({ type }) => type)).toEqual([
      'TierLoweringExpired',
      'DeliveryReturned',
      'GateOpened',
      'NoticeRaised',
      'NoticesDelivered',
    ]);
    expect(story.state.tier.lowered).toBeNull();
    expect(Object.keys(story.state.gates)).toEqual(['scoping']);
  });

  test('ends with new facts: it was of other ones', () => {
    const story = secondKey(lower(given(kycComplete(), START), 'medium'), 'rohan');
    story.when('assess-risk', { facts: { money: 'more' } }, 'ravi').thenAccepted();
    expect(story.state.tier).toMatchObject({ computed: 'high', lowered: null });
  });

  test('does not lower what has become prohibited meanwhile', () => {
    const story = lower(given(kycComplete(), START), 'medium');
    const { generation, subject } = gate(story, 'two-key-1');
    story.when('assess-risk', { facts: PROHIBITED }, 'ravi').thenAccepted();
    const late = { gate: 'two-key-1', generation, subject, decision: 'approve' } as const;
    story.when('decide', late, 'rohan').thenRejected('gate-closed');
    expect(story.state.tier).toMatchObject({ computed: 'prohibited', lowered: null });
  });

  test('leaves a gate that is open as it is: its seats were asked', () => {
    const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil');
    secondKey(lower(story, 'medium'), 'rohan');
    expect(story.state.stage).toBe('scoping');
    story.when('withdraw-gate', { gate: 'scoping', reason }, 'nikhil').thenAccepted();
    expect(story.state.stage).toBe('specification');
  });
});

test('a rule that brings a hold keeps it until one of that function lifts it', () => {
  const unsure = facts({ ...TAX_FACTS, 'eu-prohibited-practice': 'unsure' });
  const story = given(tax({ facts: unsure }), START);
  expect(story.state.tier).toMatchObject({ computed: 'high', rule: 'H1' });
  expect(held(story)).toEqual(['tier:forward']);
  assess(story, { reach: 'staff' }).thenAccepted();
  expect(held(story)).toEqual(['tier:forward']);
  story.when('open-gate', { gate: 'scoping' }, 'bela').thenAccepted();
  answers(story, 'scoping', 'farah', 'approve').thenRejected('held');
  story.when('lift-hold', { hold: 'h1' }, 'farah').thenRejected('not-permitted', 'governance');
  story.when('lift-hold', { hold: 'h1' }, 'gita').thenAccepted();
  approve(story, 'scoping', 'bela', 'farah');
});

test('milder facts that make a gate superfluous let scoping go on', () => {
  const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil');
  story.when('assess-risk', { facts: { activity: 'none' } }, 'asha').thenAccepted();
  expect(story.state).toMatchObject({ stage: 'specification', tier: { computed: 'medium' }, gates: {} });
});

test('a tier that rises in shadow takes nothing from anybody', () => {
  const story = kycInShadow(given(kycComplete(), START));
  story.when('assess-risk', { facts: { money: 'more' } }, 'ravi').thenAccepted();
  expect(rollout(story).phase.name).toBe('soaking');
  const mild = given(low(), START);
  assess(mild, { data: 'personal' }).thenAccepted();
  expect(mild.state).toMatchObject({ stage: 'specification', tier: { computed: 'medium' }, gates: {} });
});
