import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../src/contracts/spec.js';
import {
  ALL_WELL,
  approve,
  evidence,
  GOOD_TAX,
  held,
  holdId,
  measured,
  register,
  rollout,
  specify,
  taxEvidence,
  taxInCanary,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { FALSE_COMMITMENT, low, modelWith, STANDARD, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const inCanary = () => taxInCanary(given(tax(), START));

/** A tax canary whose c1 does something else on breach. */
function canaryWith(change: Partial<NonNullable<Spec['checks']>[number]>, model = STANDARD): Story {
  const [c1, c2] = [
    { ...FALSE_COMMITMENT, ...change },
    {
      id: 'c2',
      metric: 'tone',
      op: '>=',
      value: 0.95,
      at: ['canary', 'live'],
      window: '24h',
      onBreach: 'warn',
    },
  ] as NonNullable<Spec['checks']>;
  const checks = [c1, c2].flatMap((check) => check ?? []);
  const story = given(tax({ model }), START);
  specify(story, taxSpec({ checks, evidence: [{ id: 'e1', kind: 'eval', before: 'readiness' }] }), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  return approve(story, 'readiness', 'leena', 'gita');
}

const FAILING = measured({ 'false-commitment': [20, 10_000], tone: [9_700, 10_000] });

test('a window that passes makes way for the next step', () => {
  const story = inCanary();
  story.world.metrics = ALL_WELL;
  story
    .after(DAY)
    .thenEvents([
      'RolloutMoved',
      'VerificationRecorded',
      'RolloutMoved',
      'RolloutMoved',
      'ExposureRequested',
      'ExposureConfirmed',
      'RolloutMoved',
    ]);
  expect(story.the('VerificationRecorded')).toMatchObject({
    result: 'passed',
    verdicts: [{ clause: 'c1', limit: 0.001, n: 10_000, minimum: 1_000 }, { clause: 'c2' }],
  });
  expect(story.the('VerificationRecorded').verdicts[0]?.interval).toHaveLength(2);
  expect(wanted(story).candidate).toBe(50);
});

test('a step is never ended early', () => {
  const story = inCanary();
  story.world.metrics = ALL_WELL;
  story.after(DAY - 1).thenEvents([]);
  story.when('advance', {}, 'omkar').thenRejected('not-verified', 'rollout');
  story.when('start-rollout', {}, 'omkar').thenRejected('not-verified', 'rollout');
});

describe('a clause that is breached does what it says', () => {
  test('roll back', () => {
    const story = inCanary();
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(story.the('RolledBack').why).toBe('clause c1 breached');
    expect(held(story)).toEqual(['rollback:forward']);
  });

  test('nothing said: in a rollout that is to roll back', () => {
    const story = canaryWith({});
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(rollout(story).phase.name).toBe('rolled-back');
  });

  test('hold', () => {
    const story = canaryWith({ onBreach: 'hold' });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(held(story)).toEqual(['verification:review-all']);
    expect(rollout(story)).toMatchObject({ step: 0, phase: { name: 'soaking', passes: 0 } });
    story.after(5 * DAY);
    expect(held(story)).toEqual(['verification:review-all']);
  });

  test('strengthen', () => {
    const story = canaryWith({ onBreach: 'strengthen' });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(story.state.exposure.wanted).toMatchObject({ candidate: { percent: 10 }, review: 'all' });
  });

  test('fall back', () => {
    const story = canaryWith({ onBreach: 'fall-back' });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(rollout(story).phase.name).toBe('rolled-back');
  });

  test('fall back, beside a release that serves: nothing is said against that one, and it serves again once lifted', () => {
    const story = taxLive(given(tax(), START));
    const change = { kind: 'spec', changedSections: [], reason: text('why') } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    const checks = [{ ...FALSE_COMMITMENT, onBreach: 'fall-back' as const }];
    const e1 = { id: 'e1', kind: 'eval', before: 'readiness' as const };
    specify(story, taxSpec({ checks, evidence: [e1], binds: {} }), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r2', 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'readiness', 'leena', 'gita');
    expect(wanted(story)).toEqual({ candidate: 10, serving: 90 });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(held(story)).toEqual(['rollback:forward', 'rollback:stopped']);
    expect(story.all('RolledBack')).toMatchObject([{ what: 'candidate', release: text('r2') }]);
    const [behind, stopped] = story.state.holds;
    for (const [hold, people] of [
      [behind, ['hari', 'omkar']],
      [stopped, ['farah', 'bela']],
    ] as const) {
      const [first = '', second = ''] = people;
      story.when('lift-hold', { hold: hold?.id ?? '', causeClass: 'prompt' }, first).thenAccepted();
      approve(story, Object.keys(story.state.gates).find((id) => id.startsWith('two-key')) ?? '', second);
    }
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    expect(story.state.serving?.release.label).toBe('r1');
  });

  test('warn: people are told, and the step goes on', () => {
    const story = canaryWith({ onBreach: 'warn' });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(story.the('VerificationRecorded').result).toBe('passed');
    expect(story.all('NoticeRaised').map(({ notice }) => notice)).toContainEqual(
      expect.objectContaining({ kind: 'hold', to: ['hari', 'omkar'] }),
    );
    expect(rollout(story).step).toBe(1);
  });
});

describe('doubt never passes', () => {
  const EMPTY: [string, Story['world']['metrics']][] = [
    ['missing', () => []],
    ['one of two missing', measured({ 'false-commitment': [5, 10_000] })],
    ['not a number', measured({ 'false-commitment': [Number.NaN, 10_000], tone: [9_700, 10_000] })],
    ['too few samples', measured({ 'false-commitment': [0, 999], tone: [9_700, 10_000] })],
    ['no samples', measured({ 'false-commitment': [0, 0], tone: [0, 0] })],
    ['an error', () => 'errored'],
  ];

  test.each(EMPTY)('%s is looked at again, and recorded once', (_, metrics) => {
    const story = inCanary();
    story.world.metrics = metrics;
    story.after(DAY + 5 * HOUR);
    expect(rollout(story)).toMatchObject({ step: 0, phase: { name: 'soaking' } });
    expect(story.all('VerificationRecorded')).toHaveLength(1);
    story.world.metrics = ALL_WELL;
    story.after(DAY);
    expect(rollout(story).step).toBe(1);
  });

  test('also where the clause only warns', () => {
    const story = canaryWith({ onBreach: 'warn' });
    story.world.metrics = measured({ tone: [9_700, 10_000] });
    story.after(DAY + 1);
    expect(rollout(story)).toMatchObject({ step: 0, phase: { name: 'soaking' } });
  });

  test('silence past its limit is a breach, with the effect of the tier', () => {
    const story = inCanary();
    story.world.metrics = () => [];
    story.after(DAY + 59 * 60_000);
    expect(held(story)).toEqual([]);
    story.after(2 * 60_000);
    expect(held(story)).toEqual(['silence:review-all']);
    story.after(DAY);
    expect(held(story)).toEqual(['silence:review-all']);
    story.when('lift-hold', { hold: holdId(story, 'silence') }, 'farah').thenAccepted();
    story.after(DAY);
    expect(held(story)).toEqual(['silence:review-all']);
  });

  test('too few samples are no silence', () => {
    const story = inCanary();
    story.world.metrics = measured({ 'false-commitment': [0, 999], tone: [9_700, 10_000] });
    story.after(10 * DAY);
    expect(held(story)).toEqual([]);
  });

  test('in the low tier silence warns, also where the source cannot be asked', () => {
    const story = given(low(), START);
    specify(story, taxSpec(), 'hari');
    register(story, 'r1', 'hari');
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
    story.when('submit-for-review', {}, 'hari');
    approve(story, 'launch', 'leena', 'omkar');
    story.world.metrics = () => 'errored';
    story.after(4 * HOUR + 26 * HOUR);
    expect(held(story)).toEqual([]);
    expect(story.all('NoticeRaised').length).toBeGreaterThan(0);
  });

  test('an answer about another window changes nothing', () => {
    const story = inCanary().after(DAY);
    const { phase } = rollout(story);
    if (phase.name !== 'verifying') throw new Error(phase.name);
    story.report({ type: 'verified', to: phase.windowTo - 1, samples: [] }).thenRejected('unchanged');
  });
});

describe('hysteresis', () => {
  test('a clause that fails after two starts again with a window that passes', () => {
    const story = canaryWith({ failAfter: 2, onBreach: 'roll-back' });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(rollout(story).phase).toMatchObject({ name: 'soaking', passes: 0, fails: { c1: 1 } });
    story.world.metrics = ALL_WELL;
    story.after(DAY);
    expect(rollout(story).phase).toMatchObject({ name: 'soaking', passes: 1, fails: {} });
    story.world.metrics = FAILING;
    story.after(DAY);
    expect(rollout(story).phase).toMatchObject({ name: 'soaking', passes: 0, fails: { c1: 1 } });
    story.after(DAY);
    expect(rollout(story).phase.name).toBe('rolled-back');
  });

  test('a step in which a window failed needs as many in a row as the model says', () => {
    const story = canaryWith({ failAfter: 2 });
    story.world.metrics = FAILING;
    story.after(DAY);
    story.world.metrics = ALL_WELL;
    story.after(DAY);
    expect(rollout(story)).toMatchObject({ step: 0, phase: { passes: 1, failed: true } });
    // Nothing measured in between takes nothing back and adds nothing.
    story.world.metrics = () => [];
    story.after(DAY + HOUR / 2);
    expect(rollout(story)).toMatchObject({ step: 0, phase: { passes: 1, failed: true } });
    story.world.metrics = ALL_WELL;
    story.after(HOUR);
    expect(rollout(story).step).toBe(1);
    // The next step begins without that.
    story.after(DAY);
    expect(rollout(story).step).toBe(2);
  });

  test('a model that says nothing of it asks for one', () => {
    const model = modelWith(({ rules }) => {
      delete rules.governed.medium.rollout.recover;
    });
    const story = canaryWith({ failAfter: 2 }, model);
    story.world.metrics = FAILING;
    story.after(DAY);
    story.world.metrics = ALL_WELL;
    story.after(DAY);
    expect(rollout(story).step).toBe(1);
  });

  test('windows that must pass in a row are counted anew after one that failed', () => {
    const model = modelWith(({ rules }) => {
      for (const step of rules.governed.medium.rollout.steps) step.windows = 3;
    });
    const story = canaryWith({ failAfter: 2 }, model);
    story.world.metrics = ALL_WELL;
    story.after(2 * DAY);
    expect(rollout(story).phase).toMatchObject({ passes: 2 });
    story.world.metrics = FAILING;
    story.after(DAY);
    story.world.metrics = ALL_WELL;
    story.after(2 * DAY);
    expect(rollout(story)).toMatchObject({ step: 0, phase: { passes: 2 } });
    story.after(DAY);
    expect(rollout(story).step).toBe(1);
  });
});

test('by group: each is judged, and one that is missing is doubt', () => {
  const story = canaryWith({ by: ['young', 'old'] });
  const group = (name: string, count: number) => ({
    metric: 'false-commitment',
    group: name,
    count,
    value: null,
    n: 10_000,
  });
  const tone = { metric: 'tone', group: null, count: 9_700, value: null, n: 10_000 };
  story.world.metrics = () => [group('young', 1), tone];
  story.after(DAY);
  expect(rollout(story).step).toBe(0);
  story.world.metrics = () => [group('young', 1), group('old', 30), tone];
  story.after(DAY);
  expect(rollout(story).phase.name).toBe('rolled-back');
});

test('evidence that fails while the release is rolled out holds it', () => {
  const story = inCanary();
  const bad = { ...GOOD_TAX, tone: { value: 0.5, n: 12_000 } };
  story.when('add-evidence', evidence(story, 'eval', bad), 'ci').thenEvents(['EvidenceAdded', 'HoldPlaced']);
  expect(held(story)).toEqual(['verification:forward']);
  story.when('add-evidence', evidence(story, 'eval', bad), 'ci').thenEvents(['EvidenceAdded']);
});

describe('what is recorded of a verification', () => {
  const query = `sha256:${'c'.repeat(64)}`;

  test('is what was asked, over which window, what was found, and what it was held against', () => {
    const story = inCanary();
    const begun = story.now;
    story.world.metrics = (asked) => ALL_WELL(asked).map((one) => ({ ...one, query }));
    story.after(DAY);
    const [verdict] = story.the('VerificationRecorded').verdicts;
    expect(verdict).toMatchObject({ clause: 'c1', query, n: 10_000, limit: 0.001, value: 0.0005 });
    expect(verdict?.window?.to).toBe(begun + DAY);
    expect(verdict?.window?.from).toBeGreaterThanOrEqual(begun);
  });

  test('leaves the window out under engines that did not know it', () => {
    const story = taxInCanary(given(tax({ engine: 2 }), START));
    story.world.metrics = ALL_WELL;
    story.after(DAY);
    expect(story.the('VerificationRecorded').verdicts[0]).not.toHaveProperty('window');
  });
});

describe('an answer that is no number', () => {
  const DOUBTS = [
    'not-a-number',
    'several-series',
    'no-single-number',
    'bad-query',
    'incomplete',
    'unavailable',
  ] as const;

  test.each(DOUBTS)('never passes, is said as what it is, and is silence once it lasts: %s', (doubt) => {
    const story = inCanary();
    story.world.metrics = ({ metrics }) =>
      metrics.map(({ metric }) => ({ metric, group: null, count: 0, value: 0, n: 0, doubt }));
    story.after(DAY);
    expect(story.the('VerificationRecorded')).toMatchObject({
      result: 'inconclusive',
      verdicts: [{ clause: 'c1', why: doubt, value: null }, { clause: 'c2' }],
    });
    expect(held(story)).toEqual([]);
    story.after(3 * DAY);
    expect(held(story)).not.toEqual([]);
    expect(wanted(story).candidate).toBe(10);
  });

  test('about one clause does not keep a breach of another from being acted on', () => {
    const story = canaryWith({ onBreach: 'roll-back', failAfter: 1 });
    story.world.metrics = ({ metrics }) =>
      metrics.map(({ metric }) =>
        metric === 'tone'
          ? { metric, group: null, count: null, value: null, n: 0, doubt: 'bad-query' }
          : { metric, group: null, count: 20, value: null, n: 10_000 },
      );
    story.after(DAY);
    expect(rollout(story).phase.name).toBe('rolled-back');
  });
});
