import { describe, expect, test } from 'vitest';
import { allowedCommands } from '../../../src/domain/lifecycle/allowed.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import {
  ALL_WELL,
  approve,
  evidence,
  KYC_SEATS,
  kycEvidence,
  kycInShadow,
  measured,
  register,
  rollout,
  specify,
  taxEvidence,
  taxInCanary,
  taxInReview,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import {
  BY_COMMAND,
  kycComplete,
  kycSpec,
  modelWith,
  tax,
  taxSpec,
} from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';

/** The shares and the phase of every day of a rollout. */
function days(story: Story, n: number): string[] {
  const began = story.now;
  return Array.from({ length: n }, (_, day) => {
    story.at(began + day * DAY);
    const { candidate, serving } = wanted(story);
    return `${candidate ?? 0}/${serving ?? 0}`;
  });
}

test('a high release: shadow 14 days, two windows of three at 25 %, three at 50 %, then acceptance', () => {
  const story = kycInShadow(given(kycComplete(), START));
  story.world.metrics = ALL_WELL;
  const shares = days(story, 24);
  expect(shares.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => '100/0'));
  expect(shares.slice(14, 20)).toEqual(Array.from({ length: 6 }, () => '25/0'));
  expect(shares.slice(20)).toEqual(Array.from({ length: 4 }, () => '50/0'));
  expect(rollout(story)).toMatchObject({ step: 3, phase: { name: 'pending' } });
  story.when('advance', {}, 'meera').thenRejected('awaiting-acceptance', 'operatingOwner');
  story.when('accept-exposure', {}, 'meera').thenAccepted();
  expect(story.state).toMatchObject({ stage: 'live', serving: { percent: 100 } });
});

test('a shadow serves nobody, and is its own evidence for the canary', () => {
  const story = kycInShadow(given(kycComplete(), START));
  expect(story.state.exposure.wanted.candidate).toMatchObject({ shadow: true, percent: 100 });
  story.world.metrics = ALL_WELL;
  story.after(14 * DAY);
  expect(rollout(story).step).toBe(1);
});

test('a plan without a shadow asks for one as evidence before the canary', () => {
  const model = modelWith(({ rules }) => {
    rules.governed.high.rollout.steps = rules.governed.high.rollout.steps.filter(
      ({ kind }) => kind !== 'shadow',
    );
  });
  const story = given(kycComplete({ model }), START).when('open-gate', { gate: 'scoping' }, 'asha');
  approve(story, 'scoping', 'asha', 'rohan');
  story.when('add-evidence', evidence(story, 'privacy'), 'lata');
  specify(story, kycSpec(), 'ravi');
  approve(story, 'specification', ...KYC_SEATS);
  register(story, 'r1', 'ravi');
  kycEvidence(story).when('submit-for-review', {}, 'ravi').thenAccepted();
  approve(story, 'readiness', ...KYC_SEATS);
  expect(rollout(story).phase.name).toBe('pending');
  story
    .when(
      'add-evidence',
      evidence(story, 'shadow', { 'false-accept-rate': { value: 0.0003, n: 30_000 } }),
      'ci',
    )
    .thenAccepted();
  expect(wanted(story).candidate).toBe(25);
});

describe('by command', () => {
  const approved = () => {
    const story = given(tax({ model: BY_COMMAND }), '2026-10-01 10:00');
    specify(story, taxSpec(), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r1', 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    return approve(story, 'readiness', 'leena', 'gita');
  };

  test('each step waits for the word of owners or operations', () => {
    const story = approved();
    story.world.metrics = ALL_WELL;
    expect(wanted(story).candidate).toBeNull();
    story.when('start-rollout', {}, 'gita').thenRejected('not-permitted', 'person');
    story.when('advance', {}, 'omkar').thenRejected('not-verified', 'rollout');
    story.when('start-rollout', {}, 'omkar').thenAccepted();
    expect(wanted(story).candidate).toBe(10);
    story.when('start-rollout', {}, 'omkar').thenRejected('not-verified', 'rollout');
    story.after(DAY);
    expect(wanted(story).candidate).toBe(10);
    story.when('advance', {}, 'hari').thenAccepted();
    expect(wanted(story).candidate).toBe(50);
  });

  test('which word is asked for is said beforehand', () => {
    const story = approved();
    story.world.metrics = ALL_WELL;
    const words = () =>
      allowedCommands(story.state, story.actor('omkar'), story.now).allowed.filter(
        (name) => name === 'start-rollout' || name === 'advance',
      );
    expect(words()).toEqual(['start-rollout']);
    story.when('start-rollout', {}, 'omkar');
    expect(words()).toEqual([]);
    story.after(DAY);
    expect(words()).toEqual(['advance']);
  });

  test('a word given for one step does not count for the next', () => {
    const story = approved();
    story.world.metrics = ALL_WELL;
    story
      .when('start-rollout', {}, 'omkar')
      .after(DAY)
      .when('advance', {}, 'omkar')
      .after(5 * DAY);
    expect(wanted(story).candidate).toBe(50);
  });

  test('nothing else may stand in the way', () => {
    const story = approved();
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: text('why') }, 'omkar');
    story.when('start-rollout', {}, 'omkar').thenRejected('held', 'h1');
  });
});

describe('acceptance', () => {
  test('after the last step where the plan says so, by the operating owner alone', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = ALL_WELL;
    story.when('accept-exposure', {}, 'omkar').thenRejected('not-verified', 'rollout');
    story.after(3 * DAY);
    story.when('accept-exposure', {}, 'hari').thenRejected('not-permitted', 'person');
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    story.when('accept-exposure', {}, 'omkar').thenRejected('wrong-stage', 'stage');
  });

  test('not in a freeze', () => {
    const model = modelWith((written) => {
      written.freezes = [
        { name: 'audit', from: '2026-11-19T00:00:00+05:30', until: '2026-11-21T00:00:00+05:30' },
      ];
    });
    const story = taxInCanary(given(tax({ model }), START));
    story.world.metrics = ALL_WELL;
    story.at('2026-11-19 12:00');
    story.when('accept-exposure', {}, 'omkar').thenRejected('frozen', 'audit');
    expect(waitingOn(story.state, story.now)).toMatchObject([
      { kind: 'deadline', due: ist('2026-11-21 00:00') },
    ]);
    story.at('2026-11-21 00:00').when('accept-exposure', {}, 'omkar').thenAccepted();
  });
});

test('serving waits for a hold to be lifted, after the last step too', () => {
  const automatic = modelWith(({ rules }) => {
    for (const step of rules.governed.medium.rollout.steps) delete step.accept;
  });
  const story = taxInCanary(given(tax({ model: automatic }), START));
  story.world.metrics = ALL_WELL;
  story.after(2 * DAY).when('hold', { effect: 'forward', scope: 'candidate', reason: text('why') }, 'omkar');
  story.after(DAY);
  expect(story.state).toMatchObject({ stage: 'release', serving: null });
  expect(rollout(story)).toMatchObject({ step: 3, phase: { name: 'pending' } });
  expect(wanted(story).candidate).toBe(100);
  story.when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
  expect(story.state).toMatchObject({ stage: 'live', serving: { percent: 100 } });
});

test('samples of another step or another exposure do not count', () => {
  const story = taxInCanary(given(tax(), START)).after(DAY);
  const { phase } = rollout(story);
  if (phase.name !== 'verifying') throw new Error(phase.name);
  story.when('hold', { effect: 'stopped', scope: 'candidate', reason: text('why') }, 'omkar');
  story.report({ type: 'verified', to: phase.windowTo, samples: [] }).thenRejected('unchanged');
});

describe('work', () => {
  test('is keyed by what it does, never by who asks', () => {
    const story = taxInReview(given(tax(), START));
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'gita');
    expect(work(story.state).map(({ key, lane }) => [key, lane])).toEqual([
      ['tax-payments/confirm/readiness/1/leena+gita', 'confirm/readiness'],
    ]);
    story.world.target = 'silent';
    story.world.directory = 'up';
    story.perform();
    expect(work(story.state)[0]).toMatchObject({
      kind: 'set-exposure',
      key: 'tax-payments/exposure/1',
      lane: 'exposure',
      fence: 1,
      summary: 'set exposure: candidate 10 %',
      approvers: [{ person: 'leena' }, { person: 'gita' }],
    });
  });

  test('asks for the windows that the clauses say', () => {
    const story = kycInShadow(given(kycComplete(), START));
    const began = story.now;
    const asked: unknown[] = [];
    story.world.metrics = (verify) => {
      asked.push({
        step: verify.step,
        label: verify.label,
        metrics: verify.metrics.map(({ metric, from }) => [metric, from - began]),
      });
      return measured({ 'false-accept-rate': [1, 60_000], 'review-rate': [1, 60_000] })(verify);
    };
    story.after(17 * DAY);
    expect(asked).toEqual([
      {
        step: 'shadow',
        label: 'r1',
        metrics: [
          ['false-accept-rate', 0],
          ['review-rate', 0],
        ],
      },
      {
        step: 'canary-25',
        label: 'r1',
        metrics: [
          ['false-accept-rate', 14 * DAY],
          ['review-rate', 16 * DAY],
        ],
      },
    ]);
    expect(story.now).toBe(ist(START) + 17 * DAY);
  });

  test('nobody is asked again where exposure only falls', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.target = 'silent';
    story.world.unfit.add('gita');
    story.when('roll-back', { reason: text('why') }, 'omkar');
    expect(work(story.state)[0]).toMatchObject({ kind: 'set-exposure', approvers: [] });
    story.world.target = 'applies';
    story.perform();
    expect(story.state.exposure.applied).toMatchObject({ candidate: null });
  });
});
