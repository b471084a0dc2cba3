import { describe, expect, test } from 'vitest';
import {
  answers,
  approve,
  gate,
  register,
  specify,
  taxEvidence,
  taxInReview,
} from '../../support/decider/acts.js';
import { given, text } from '../../support/decider/story.js';
import { LOW_FACTS, low, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';

describe('drafts', () => {
  test('are numbered, and only a different one is another', () => {
    const story = given(tax(), START);
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari').thenEvents(['SpecDrafted']);
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari').thenRejected('unchanged', 'spec');
    story.when('draft-spec', { spec: taxSpec({ purpose: 'x' }), missing: [] }, 'esha').thenAccepted();
    expect(story.the('SpecDrafted').draft).toMatchObject({ version: 2, author: 'esha' });
    story
      .when('draft-spec', { spec: taxSpec(), missing: [] }, 'gita')
      .thenRejected('not-permitted', 'person');
  });

  test('that lack something are not submitted, nor are older ones', () => {
    const story = given(tax(), START);
    story.when('submit-spec', { version: 1 }, 'hari').thenRejected('no-such-version', 'version');
    story.when('draft-spec', { spec: taxSpec(), missing: ['success of risk'] }, 'hari');
    story.when('submit-spec', { version: 1 }, 'hari').thenRejected('incomplete', 'spec');
    story.when('draft-spec', { spec: taxSpec({ purpose: 'x' }), missing: [] }, 'hari');
    story.when('submit-spec', { version: 1 }, 'hari').thenRejected('no-such-version', 'version');
    story.when('submit-spec', { version: 2 }, 'hari').thenAccepted();
    story.when('submit-spec', { version: 2 }, 'hari').thenRejected('already-open', 'specification');
  });

  test('belong to the specification', () => {
    const story = taxInReview(given(tax(), START));
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari').thenRejected('wrong-stage', 'stage');
    story.when('submit-spec', { version: 1 }, 'hari').thenRejected('wrong-stage', 'stage');
    story
      .when('register-release', { release: text('r9'), changedSections: [] }, 'hari')
      .thenRejected('wrong-stage');
  });
});

test('a newer version voids what was decided on the older one, and asks to re-affirm', () => {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  approve(story, 'specification', 'leena');
  const { subject } = gate(story, 'specification');
  story.when('draft-spec', { spec: taxSpec({ purpose: 'x' }), missing: [] }, 'hari');
  story
    .when('submit-spec', { version: 2 }, 'hari')
    .thenEvents(['DecisionVoided', 'GateClosed', 'SpecSubmitted', 'GateOpened']);
  expect(story.the('GateClosed').outcome).toBe('superseded');
  expect(story.the('GateOpened')).toMatchObject({ gate: { generation: 2 }, reaffirm: ['leena'] });
  expect(story.state.voided).toMatchObject([{ person: 'leena', subject, why: 'spec version 2 replaces it' }]);
  answers(story, 'specification', 'gita', 'approve', { generation: 1, subject }).thenRejected(
    'stale-generation',
  );
});

test('another spec may be drafted while the release is being built: it is approved first', () => {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  const spec = taxSpec({ purpose: 'x' });
  story.when('draft-spec', { spec, missing: [] }, 'hari').thenEvents(['DeliveryReturned', 'SpecDrafted']);
  expect(story.state).toMatchObject({ stage: 'specification', delivery: { draft: { version: 2 } } });
  story
    .when('register-release', { release: text('r2'), changedSections: [] }, 'hari')
    .thenRejected('wrong-stage');
  story.when('submit-spec', { version: 2 }, 'hari').thenAccepted();
  approve(story, 'specification', 'leena', 'gita');
  expect(story.state).toMatchObject({ stage: 'implementation', delivery: { release: null } });
});

test('where the tier lists no gate a valid spec is enough, unless something is held', () => {
  const story = given(low(), START);
  story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari');
  story.when('hold', { effect: 'forward', scope: 'candidate', reason: text('why') }, 'omkar');
  story.when('submit-spec', { version: 1 }, 'hari').thenRejected('held', 'h1');
  story.when('lift-hold', { hold: 'h1' }, 'hari').thenAccepted();
  story.when('submit-spec', { version: 1 }, 'hari').thenEvents(['SpecSubmitted', 'DeliveryMoved']);
  expect(story.state.stage).toBe('implementation');
});

test("a spec's checkpoints add seats and never take one away", () => {
  const checkpoints = [
    { before: 'specification' as const, function: 'product' as const, count: 1 },
    { before: 'readiness' as const, function: 'operations' as const, count: 1 },
  ];
  const story = specify(given(tax(), START), taxSpec({ checkpoints }), 'hari');
  const seats = (id: string) => gate(story, id).seats.map((seat) => seat.id);
  expect(seats('specification')).toEqual(['product', 'governance', 'product-2']);
  approve(story, 'specification', 'leena', 'gita');
  expect(story.state.stage).toBe('specification');
  approve(story, 'specification', 'neha');
  register(story, 'r1', 'hari');
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  expect(seats('readiness')).toEqual(['product', 'governance', 'operations']);
});

test('a checkpoint that nobody could pass is refused, naming the seat', () => {
  const checkpoints = [{ before: 'specification' as const, function: 'risk' as const, count: 2 }];
  const story = given(tax(), START);
  story.when('draft-spec', { spec: taxSpec({ checkpoints }), missing: [] }, 'hari');
  story.when('submit-spec', { version: 1 }, 'hari').thenRejected('unstaffed', 'risk');
  expect(story.state.gates).toEqual({});
});

test('new facts of the same tier are part of what was decided: it is asked again', () => {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  approve(story, 'specification', 'leena');
  story
    .when('assess-risk', { facts: { reach: 'up-to-1000' } }, 'hari')
    .thenEvents(['RiskAssessed', 'DecisionVoided', 'GateClosed', 'GateOpened']);
  expect(story.state.tier.computed).toBe('medium');
  expect(gate(story, 'specification')).toMatchObject({ generation: 2, decisions: [] });
  story.when('assess-risk', { facts: { reach: 'up-to-1000' } }, 'hari').thenRejected('unchanged', 'facts');
});

test('facts that make the tier low leave the specification by a valid spec', () => {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  story.when('assess-risk', { facts: LOW_FACTS }, 'hari').thenAccepted();
  expect(story.state).toMatchObject({ stage: 'implementation', gates: {} });
  register(story, 'r1', 'hari');
});
