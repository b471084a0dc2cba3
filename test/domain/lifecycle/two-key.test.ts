import { describe, expect, test } from 'vitest';
import {
  answers,
  approve,
  gate,
  holdId,
  openTaxChange,
  taxInCanary,
  taxLive,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { kycComplete, modelWith, tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');

/** Every kind of act: how it is begun, who holds its keys, and how one sees that it was done. */
const ACTS: [
  string,
  () => Story,
  (story: Story, by: string) => Story,
  [string, string],
  (story: Story) => boolean,
][] = [
  [
    'lift a hold after a rollback',
    () => taxInCanary(given(tax(), START)).when('roll-back', { reason }, 'omkar'),
    (story, by) => story.when('lift-hold', { hold: holdId(story, 'rollback'), causeClass: 'model' }, by),
    ['hari', 'omkar'],
    ({ state }) => state.holds.length === 0,
  ],
  [
    'lower a tier',
    () => given(kycComplete(), START),
    (story, by) => story.when('override-tier', { tier: 'medium', reason }, by),
    ['gita', 'rohan'],
    ({ state }) => state.tier.lowered !== null,
  ],
  [
    'correct a prohibited fact',
    () => given(tax(), START).when('assess-risk', { facts: { 'eu-prohibited-practice': 'listed' } }, 'bela'),
    (story, by) => story.when('assess-risk', { facts: { 'eu-prohibited-practice': 'none' } }, by),
    ['gita', 'farah'],
    ({ state }) => state.tier.computed === 'medium',
  ],
  [
    'lower a materiality',
    () => openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.waivers']),
    (story, by) => story.when('override-materiality', { materiality: 'minor', reason }, by),
    ['gita', 'farah'],
    ({ state }) => state.stage === 'live' && state.delivery?.change?.materiality === 'minor',
  ],
];

describe.each(ACTS)('to %s', (_, reach, begin, [one, other], done) => {
  const second = (story: Story) =>
    Object.keys(story.state.gates).find((id) => id.startsWith('two-key')) ?? '';

  test.each([
    [one, other],
    [other, one],
  ])('%s and then %s turn their keys', (first, then) => {
    const story = reach();
    begin(story, first).thenAccepted();
    expect(done(story)).toBe(false);
    approve(story, second(story), then);
    expect(done(story)).toBe(true);
    expect(second(story)).toBe('');
  });

  test('the same person is not enough, nor is somebody without a key', () => {
    const story = begin(reach(), one).thenAccepted();
    answers(story, second(story), one, 'approve').thenRejected('already-decided');
    begin(story, one).thenRejected('already-open', second(story));
    answers(story, second(story), 'asha', 'approve').thenRejected('not-permitted', 'person');
    const stranger = story.state.team.id === 'tax-filing' ? 'neha' : 'priya';
    answers(story, second(story), stranger, 'approve').thenRejected('not-permitted', 'person');
    expect(done(story)).toBe(false);
  });

  test('it expires in one business day, and is begun anew', () => {
    const story = begin(reach(), one).thenAccepted();
    const id = second(story);
    const { due, timeout } = gate(story, id).clock;
    expect(timeout).toBe(due);
    expect(due).toBeLessThanOrEqual(story.now + 3 * DAY);
    const { generation, subject } = gate(story, id);
    story.at(due);
    expect(story.the('GateClosed')).toMatchObject({ gate: id, outcome: 'expired' });
    story
      .when('decide', { gate: id, generation, subject, decision: 'approve' }, other)
      .thenRejected('gate-closed');
    expect(done(story)).toBe(false);
    begin(story, other).thenAccepted();
    expect(second(story)).not.toBe(id);
  });

  test('the second person says no', () => {
    const story = begin(reach(), one).thenAccepted();
    answers(story, second(story), other, 'reject', { comment: reason }).thenAccepted();
    expect(done(story)).toBe(false);
    expect(second(story)).toBe('');
  });

  test('somebody whom the directory no longer knows does not turn a key', () => {
    const story = begin(reach(), one).thenAccepted();
    story.world.unfit.add(one);
    approve(story, second(story), other);
    expect(done(story)).toBe(false);
  });
});

test('whoever edits the policy turns no key', () => {
  const model = modelWith((written) => {
    written.editors = ['gita'];
  });
  const story = given(tax({ model }), START);
  story.when('override-tier', { tier: 'low', reason }, 'gita').thenRejected('excluded', 'person');
  story.when('override-tier', { tier: 'low', reason }, 'lata').thenAccepted();
});

test('where the model names one key, it is turned at once', () => {
  const story = given(tax(), START).when('hold', { effect: 'forward', scope: 'candidate', reason }, 'bela');
  story.when('lift-hold', { hold: 'h1' }, 'farah').thenEvents(['HoldLifted']);
});

test('an act on something that is gone does nothing', () => {
  const story = taxInCanary(given(tax(), START)).when('roll-back', { reason }, 'omkar');
  const hold = holdId(story, 'rollback');
  story.when('lift-hold', { hold, causeClass: 'model' }, 'hari');
  story.when('lift-hold', { hold, causeClass: 'code' }, 'hari').thenAccepted();
  approve(story, 'two-key-1', 'omkar');
  expect(story.state.stage).toBe('implementation');
  approve(story, 'two-key-2', 'omkar').thenEvents(['DecisionRecorded', 'GateConfirming', 'GateClosed']);
  expect(ist(START)).toBeLessThan(story.now + 1);
});
