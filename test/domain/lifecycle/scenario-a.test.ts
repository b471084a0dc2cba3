import { expect, test } from 'vitest';
import {
  answers,
  approve,
  evidence,
  gate,
  held,
  holdId,
  KYC_SEATS,
  kycEvidence,
  kycInShadow,
  measured,
  register,
  rollout,
  specify,
  wanted,
} from '../../support/decider/acts.js';
import { given, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { KYC, KYC_FIRST, kyc, kycComplete } from '../../support/decider/use-cases.js';

test('scenario A: KYC onboarding, from a missing operating owner to release 2', () => {
  // Step 1.
  const story = given(kyc(), '2026-09-01 10:00');
  expect(story.state.tier).toMatchObject({ computed: 'high', rule: 'H5' });
  story.when('open-gate', { gate: 'scoping' }, 'asha').thenRejected('right-vacant', 'operatingOwner');
  expect(story.state.stage).toBe('scoping');

  // Step 2.
  story
    .when('assign-right', { right: 'operatingOwner', person: 'meera' }, 'asha')
    .thenEvents(['RightOffered']);
  story.when('accept-handover', { right: 'operatingOwner' }, 'meera').thenEvents(['RightAssigned']);
  story.when('open-gate', { gate: 'scoping' }, 'asha').thenEvents(['GateOpened']);
  approve(story, 'scoping', 'asha', 'rohan').thenEvents([
    'DecisionRecorded',
    'GateConfirming',
    'GateClosed',
    'DeliveryOpened',
  ]);
  story.when('draft-spec', { spec: KYC_FIRST, missing: [] }, 'ravi');
  story.when('submit-spec', { version: 1 }, 'ravi').thenRejected('evidence-missing', 'privacy');
  const privacy = evidence(story, 'privacy', {}, { producer: 'lata', collectedAt: story.now - 20 * DAY });
  story.when('add-evidence', privacy, 'lata').thenEvents(['EvidenceAdded']);
  story.when('submit-spec', { version: 1 }, 'ravi').thenEvents(['SpecSubmitted', 'GateOpened']);
  const first = gate(story, 'specification');
  expect(first.seats.map(({ id }) => id)).toEqual([
    'product',
    'engineering',
    'governance',
    'risk',
    'operations',
  ]);
  expect(first.clock.due).toBe(story.now + 3 * DAY);

  // Step 3.
  approve(story, 'specification', 'gita');
  answers(story, 'specification', 'ravi', 'approve').thenRejected('excluded', 'person');

  // Step 4.
  answers(story, 'specification', 'rohan', 'request-changes', { clauses: ['c2'] }).thenEvents([
    'DecisionRecorded',
    'DecisionVoided',
    'GateClosed',
    'DeliveryReturned',
  ]);
  expect(story.the('DeliveryReturned')).toMatchObject({ step: 'specification', clauses: ['c2'] });
  expect(story.the('DecisionVoided').voided.person).toBe('gita');

  // Step 5.
  specify(story, KYC, 'ravi');
  expect(story.the('GateOpened')).toMatchObject({ reaffirm: ['gita'], gate: { generation: 2 } });
  const { generation, subject } = first;
  const late = { gate: 'specification', generation, subject, decision: 'approve' } as const;
  story.when('decide', late, 'rohan').thenRejected('stale-generation', 'generation');
  story.when('decide', { ...late, generation: 2 }, 'rohan').thenRejected('stale-subject', 'subject');

  // Step 6.
  approve(story, 'specification', ...KYC_SEATS);
  expect(story.state.stage).toBe('implementation');
  register(story, 'r1', 'ravi');
  story.when('submit-for-review', {}, 'ravi').thenRejected('evidence-missing', 'eval');
  kycEvidence(story);
  story.when('submit-for-review', {}, 'ravi').thenEvents(['DeliveryMoved', 'GateOpened']);
  approve(story, 'readiness', ...KYC_SEATS).thenEvents([
    'DecisionRecorded',
    'GateConfirming',
    'GateClosed',
    'ApprovalGranted',
    'RolloutMoved',
    'ExposureRequested',
    'ExposureConfirmed',
    'RolloutMoved',
  ]);
  expect(story.state.stage).toBe('release');
  expect(story.state.exposure.wanted.candidate).toMatchObject({ percent: 100, shadow: true });

  // Step 7: 14 days are needed, however many samples there are.
  const began = story.now;
  story.world.metrics = measured({ 'false-accept-rate': [20, 52_000], 'review-rate': [6_700, 52_000] });
  story.at(began + 13 * DAY);
  expect(rollout(story)).toMatchObject({ step: 0, phase: { name: 'soaking' } });

  // Step 8.
  story.world.metrics = measured({ 'false-accept-rate': [22, 56_000], 'review-rate': [7_280, 56_000] });
  story.at(began + 14 * DAY);
  expect(rollout(story)).toMatchObject({ step: 1, phase: { name: 'soaking' } });
  expect(wanted(story)).toEqual({ candidate: 25, serving: null });

  // Step 9.
  story.world.metrics = measured({ 'false-accept-rate': [3, 3_000], 'review-rate': [300, 3_000] });
  story.at(began + 17 * DAY);
  expect(rollout(story).phase).toMatchObject({ name: 'soaking', fails: { c2: 1 } });
  story.at(began + 20 * DAY);
  expect(rollout(story).phase.name).toBe('rolled-back');
  expect(story.the('RolledBack')).toMatchObject({
    what: 'candidate',
    to: 'fallback',
    why: 'clause c2 breached',
  });
  expect(story.state.exposure.applied).toMatchObject({ candidate: null, serving: null });
  expect(held(story)).toEqual(['rollback:forward']);

  // Step 10.
  const hold = holdId(story, 'rollback');
  const lift = { hold, causeClass: 'model', rootCause: text('the training set') } as const;
  story.when('lift-hold', lift, 'esha').thenRejected('two-keys-required', 'risk,business');
  story.when('lift-hold', { hold }, 'rohan').thenRejected('cause-class-required', 'causeClass');
  story
    .when('lift-hold', { hold, causeClass: 'model' }, 'rohan')
    .thenRejected('root-cause-required', 'rootCause');

  // Step 11.
  story.when('lift-hold', lift, 'rohan').thenEvents(['GateOpened', 'DecisionRecorded']);
  approve(story, 'two-key-1', 'asha').thenEvents([
    'DecisionRecorded',
    'GateConfirming',
    'GateClosed',
    'HoldLifted',
    'DeliveryReturned',
  ]);
  expect(story.the('HoldLifted')).toMatchObject({ by: ['rohan', 'asha'], causeClass: 'model' });
  expect(story.state.stage).toBe('implementation');
  register(story, 'r2', 'ravi');
  story.when('submit-for-review', {}, 'ravi').thenRejected('evidence-missing', 'eval');
  kycEvidence(story);
  story.when('submit-for-review', {}, 'ravi');
  approve(story, 'readiness', ...KYC_SEATS);
  story.world.metrics = measured({ 'false-accept-rate': [20, 60_000], 'review-rate': [6_000, 60_000] });
  story.after(14 * DAY + 6 * DAY + 3 * DAY);
  expect(rollout(story)).toMatchObject({ step: 3, phase: { name: 'pending' } });
  expect(wanted(story)).toEqual({ candidate: 50, serving: null });
  story.when('accept-exposure', {}, 'esha').thenRejected('not-permitted', 'person');
  story.when('accept-exposure', {}, 'meera').thenAccepted();
  expect(story.state).toMatchObject({ stage: 'live', delivery: null, serving: { release: { label: 'r2' } } });
  expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
});

test.each([
  ['22 of 56,000 false accepts', [22, 56_000], 'canary'],
  ['29 of 56,000', [29, 56_000], 'shadow'],
  ['22 of 56,000 where only 19,999 were seen', [8, 19_999], 'shadow'],
])('scenario A, step 8: the counts decide: %s', (_, counts, where) => {
  const story = kycInShadow(given(kycComplete(), '2026-09-01 10:00'));
  const [count = 0, n = 0] = counts;
  story.world.metrics = measured({ 'false-accept-rate': [count, n], 'review-rate': [n / 10, n] });
  story.after(14 * DAY);
  expect(rollout(story).step).toBe(where === 'canary' ? 1 : 0);
});

test.each([
  ['3 and 3 of 3,000', [3, 3_000], [3, 3_000], 'rolled-back'],
  ['3, then 1', [3, 3_000], [1, 3_000], 'soaking'],
  ['1 and 1', [1, 3_000], [1, 3_000], 'next step'],
  ['3 of 1,999 twice: too few to say', [3, 1_999], [3, 1_999], 'soaking'],
])('scenario A, step 9: the counts decide: %s', (_, first, second, then) => {
  const story = kycInShadow(given(kycComplete(), '2026-09-01 10:00'));
  const counts = ([count = 0, n = 0]: number[]) =>
    measured({ 'false-accept-rate': [count, n], 'review-rate': [n / 10, n] });
  story.world.metrics = counts([10, 40_000]);
  story.after(14 * DAY);
  story.world.metrics = counts(first);
  story.after(3 * DAY);
  story.world.metrics = counts(second);
  story.after(3 * DAY);
  const { step, phase } = rollout(story);
  expect(step === 2 ? 'next step' : phase.name).toBe(then);
});
