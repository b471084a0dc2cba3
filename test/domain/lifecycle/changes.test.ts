import { describe, expect, test } from 'vitest';
import type { Payloads } from '../../../src/domain/commands/payloads.js';
import {
  answers,
  approve,
  evidence,
  GOOD_TAX,
  held,
  openTaxChange,
  register,
  rollout,
  specify,
  taxEvidence,
  taxInCanary,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');
const live = () => taxLive(given(tax(), START));

function open(story: Story, change: Partial<Payloads['open-change']> = {}, by = 'leena'): Story {
  return story.when(
    'open-change',
    { kind: 'prompt', changedSections: ['prompt.tone'], reason, ...change },
    by,
  );
}

function materiality(story: Story): string | undefined {
  return story.state.stage === 'live' ? story.state.delivery?.change?.materiality : undefined;
}

describe('materiality follows from what is touched', () => {
  test.each<[string, Partial<Payloads['open-change']>, string, string]>([
    ['a section that touches checks alone', { changedSections: ['prompt.tone'] }, 'minor', 'implementation'],
    [
      'one that touches what must not happen',
      { changedSections: ['prompt.waivers'] },
      'material',
      'implementation',
    ],
    ['one of two', { changedSections: ['prompt.tone', 'prompt.waivers'] }, 'material', 'implementation'],
    ['one that the spec does not bind', { changedSections: ['data.training'] }, 'material', 'implementation'],
    ['nothing declared', { changedSections: [] }, 'material', 'implementation'],
    ['the spec itself', { kind: 'spec', changedSections: ['prompt.tone'] }, 'spec', 'specification'],
  ])('%s', (_, change, expected, step) => {
    const story = open(live(), change).thenAccepted();
    expect(materiality(story)).toBe(expected);
    expect(story.state).toMatchObject({ stage: 'live', delivery: { n: 2, step } });
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
  });

  test('a release that declares more than the change did is judged by both', () => {
    const story = open(live());
    register(story, 'r2', 'hari', ['prompt.waivers']);
    expect(materiality(story)).toBe('material');
    register(story, 'r2 without', 'hari', ['prompt.tone']);
    expect(materiality(story)).toBe('minor');
  });

  test('a changed spec is approved like a launch, also where the change began smaller', () => {
    const story = openTaxChange(live(), 'r2', ['prompt.waivers']);
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
    story.when('submit-for-review', {}, 'hari');
    answers(story, 'readiness', 'gita', 'request-changes', { clauses: ['c2'] });
    expect(story.state).toMatchObject({ stage: 'live', delivery: { step: 'specification' } });
    specify(story, taxSpec({ purpose: 'Another.' }), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r3', 'hari', ['prompt.tone']);
    expect(materiality(story)).toBe('material');
  });
});

describe('materiality by hand', () => {
  const set = (story: Story, wantedMateriality: 'minor' | 'material', by: string) =>
    story.when('override-materiality', { materiality: wantedMateriality, reason }, by);

  test('raising it needs nobody else', () => {
    const story = set(open(live()), 'material', 'bela').thenEvents(['MaterialityChanged']);
    register(story, 'r2', 'hari', ['prompt.tone']);
    expect(materiality(story)).toBe('material');
    set(story, 'material', 'bela').thenRejected('unchanged');
  });

  test('not even during the review, which it ends', () => {
    const story = openTaxChange(live(), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    set(story, 'material', 'farah').thenAccepted();
    expect(story.state).toMatchObject({ gates: {}, delivery: { step: 'implementation' } });
    story.when('submit-for-review', {}, 'hari');
    expect(Object.keys(story.state.gates)).toEqual(['readiness']);
    set(story, 'minor', 'farah').thenRejected('wrong-stage', 'stage');
  });

  test('lowering it takes two keys of different functions', () => {
    const story = open(live(), { changedSections: ['prompt.waivers'] });
    set(story, 'minor', 'bela').thenRejected('two-keys-required', 'governance,risk');
    set(story, 'minor', 'gita').thenEvents(['GateOpened', 'DecisionRecorded']);
    set(story, 'minor', 'gita').thenRejected('already-open', 'two-key-1');
    expect(materiality(story)).toBe('material');
    approve(story, 'two-key-1', 'farah');
    expect(materiality(story)).toBe('minor');
  });

  test('whoever opened the change or built its release does not lower it', () => {
    const own = openTaxChange(live(), 'r2', ['prompt.waivers']);
    // hari also holds governance; leena opened it.
    set(own, 'minor', 'hari').thenRejected('excluded', 'person');
    set(own, 'minor', 'lata').thenAccepted();
    answers(own, 'two-key-1', 'hari', 'approve').thenRejected('excluded', 'person');
    approve(own, 'two-key-1', 'farah');
    expect(materiality(own)).toBe('minor');
    const before = openTaxChange(taxLive(given(tax({ engine: 2 }), START)), 'r2', ['prompt.waivers']);
    set(before, 'minor', 'hari').thenAccepted();
  });

  test('what two keys lowered holds for the sections they knew of', () => {
    const story = open(live(), { changedSections: ['prompt.waivers'] });
    set(story, 'minor', 'gita');
    approve(story, 'two-key-1', 'farah');
    register(story, 'r2', 'hari', ['prompt.waivers']);
    expect(materiality(story)).toBe('minor');
    register(story, 'r2 with more', 'hari', ['prompt.waivers', 'data.training']);
    expect(materiality(story)).toBe('material');
  });

  test('and for the change they were turned for', () => {
    const story = open(live(), { changedSections: ['prompt.waivers'] });
    set(story, 'minor', 'gita');
    story.when('withdraw-change', { change: 'change-1', reason }, 'leena').thenAccepted();
    open(story, { changedSections: ['prompt.waivers'] });
    approve(story, 'two-key-1', 'farah');
    expect(materiality(story)).toBe('material');
  });

  test('belongs to an open change', () => {
    set(live(), 'minor', 'bela').thenRejected('wrong-stage', 'materiality');
  });
});

describe('one delivery at a time', () => {
  test('a second change waits, and begins when the first is done', () => {
    const story = open(live());
    open(story, { kind: 'spec' }).thenEvents(['ChangeQueued']);
    expect(story.state.queued).toMatchObject([{ id: 'change-2' }]);
    story.when('withdraw-change', { change: 'change-1', reason }, 'leena').thenAccepted();
    expect(story.state).toMatchObject({ queued: [], delivery: { n: 3, change: { id: 'change-2' } } });
  });

  test('what it means is judged anew when it begins', () => {
    const story = open(live(), { kind: 'spec' });
    open(story, { changedSections: ['prompt.tone'] });
    expect(story.state.queued[0]?.materiality).toBe('minor');
    specify(story, taxSpec({ binds: { 'prompt.tone': ['n1'] } }), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r2', 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    approve(story, 'readiness', 'leena', 'gita').after(3 * DAY);
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    expect(materiality(story)).toBe('material');
  });

  test('it does not begin while something is held', () => {
    const story = open(live());
    open(story, { kind: 'spec' });
    story.when('hold', { effect: 'forward', scope: 'serving', reason }, 'omkar');
    open(story).thenRejected('held');
    story.when('withdraw-change', { change: 'change-1', reason }, 'leena').thenAccepted();
    expect(story.state).toMatchObject({ delivery: null, queued: [{ id: 'change-2' }] });
    story.when('lift-hold', { hold: 'h1' }, 'farah');
    expect(story.state).toMatchObject({ delivery: { change: { id: 'change-2' } } });
  });

  test('a waiting change is withdrawn without touching the open one', () => {
    const story = open(live());
    open(story);
    story.when('withdraw-change', { change: 'change-2', reason }, 'leena').thenEvents(['ChangeWithdrawn']);
    expect(story.state).toMatchObject({ queued: [], delivery: { change: { id: 'change-1' } } });
    story
      .when('withdraw-change', { change: 'change-2', reason }, 'leena')
      .thenRejected('not-found', 'change');
  });

  test('there is a limit to how many wait', () => {
    const story = open(live());
    for (let n = 0; n < 10; n++) open(story).thenAccepted();
    open(story).thenRejected('limit-reached');
  });

  test('changes are for what is live', () => {
    open(taxInCanary(given(tax(), START))).thenRejected('wrong-stage', 'stage');
  });
});

describe('superseding', () => {
  test('a hotfix during a canary rolls it back first, and then goes its own way', () => {
    const story = openTaxChange(live(), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    approve(story, 'change', 'chitra');
    expect(rollout(story).phase.name).toBe('soaking');
    open(story, { kind: 'code', supersede: true }).thenEvents([
      'ChangeQueued',
      'RolledBack',
      'HoldPlaced',
      'DeliveryClosed',
      'DeliveryOpened',
      'ExposureRequested',
      'ExposureConfirmed',
    ]);
    expect(story.the('DeliveryClosed').outcome).toBe('superseded');
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    expect(held(story)).toEqual(['rollback:forward']);
    register(story, 'r3', 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    answers(story, 'change', 'chitra', 'approve').thenRejected('held');
    story.when('lift-hold', { hold: 'h1', causeClass: 'code' }, 'hari');
    approve(story, 'two-key-1', 'omkar');
    approve(story, 'change', 'chitra');
    expect(wanted(story)).toEqual({ candidate: 10, serving: 90 });
  });

  test('closes the gate of what it supersedes', () => {
    const story = openTaxChange(live(), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    open(story, { supersede: true }).thenAccepted();
    expect(story.the('GateClosed').outcome).toBe('superseded');
    expect(story.state.gates).toEqual({});
  });

  test('with nothing to supersede a hold still stands', () => {
    const story = live().when('hold', { effect: 'forward', scope: 'serving', reason }, 'omkar');
    open(story, { supersede: true }).thenRejected('held');
  });
});

describe('withdrawing', () => {
  test('what is rolled out is rolled back instead', () => {
    const story = openTaxChange(live(), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    approve(story, 'change', 'chitra');
    const withdraw = () => story.when('withdraw-change', { change: 'change-1', reason }, 'hari');
    withdraw().thenRejected('wrong-stage', 'change');
    story.when('roll-back', { reason }, 'omkar');
    withdraw().thenRejected('held');
    story.when('lift-hold', { hold: 'h1', causeClass: 'prompt' }, 'hari');
    approve(story, 'two-key-1', 'omkar');
    withdraw().thenEvents(['ChangeWithdrawn', 'DeliveryClosed']);
    expect(story.state).toMatchObject({ delivery: null, serving: { release: { label: 'r1' } } });
  });
});

test('a minor change is approved by the change approver, who is never its author', () => {
  const story = openTaxChange(live(), 'r2', ['prompt.tone']);
  taxEvidence(story).when('submit-for-review', {}, 'hari');
  answers(story, 'change', 'gita', 'approve').thenRejected('not-permitted', 'person');
  approve(story, 'change', 'chitra');
  const other = open(live());
  other
    .when('assign-right', { right: 'changeApprover', person: 'hari' }, 'bela')
    .thenRejected('right-conflict');
});
