import { describe, expect, test } from 'vitest';
import {
  ALL_WELL,
  answers,
  approve,
  held,
  holdId,
  kycInShadow,
  openTaxChange,
  rollout,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { kycComplete, tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const why = text('why');

const stop = (story: Story, scope: 'candidate' | 'serving' = 'candidate', by = 'tara') =>
  story.when('stop-ship', { scope, reason: why }, by);

function waitingForCondition(): Story {
  const story = taxInReview(given(tax(), START));
  const conditions = [{ text: why, owner: 'hari', due: story.now + DAY, beforeRelease: true }];
  answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
  return approve(story, 'readiness', 'gita');
}

function exposing(): Story {
  const story = taxInReview(given(tax(), START));
  story.world.target = 'silent';
  return approve(story, 'readiness', 'leena', 'gita');
}

function accepting(): Story {
  const story = taxInCanary(given(tax(), START));
  story.world.metrics = ALL_WELL;
  return story.after(3 * DAY);
}

/** A change of a live release, in its canary. */
function changing(): Story {
  const story = openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.tone']);
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  return approve(story, 'change', 'chitra');
}

const PHASES: [string, () => Story, string][] = [
  ['before exposure', waitingForCondition, 'pending'],
  ['while the exposure is unknown', exposing, 'exposing'],
  ['in shadow', () => kycInShadow(given(kycComplete(), START)), 'soaking'],
  ['in a canary that soaks', () => taxInCanary(given(tax(), START)), 'soaking'],
  ['while it is verified', () => taxInCanary(given(tax(), START)).after(DAY), 'verifying'],
  ['while acceptance is awaited', accepting, 'accepting'],
  ['in the canary of a change', changing, 'soaking'],
];

describe.each(PHASES)('stop-ship %s', (_, reach, phase) => {
  const holder = (story: Story) => (story.state.team.id === 'tax-filing' ? 'tara' : 'kavya');

  test('takes the candidate to zero, whatever was under way', () => {
    const story = reach();
    expect(rollout(story).phase.name).toBe(phase);
    const before = story.state.exposure.fence;
    stop(story, 'candidate', holder(story)).thenAccepted();
    story.world.target = 'applies';
    story.perform();
    expect(rollout(story).phase.name).toBe('rolled-back');
    expect(story.state.exposure.wanted.candidate).toBeNull();
    expect(story.state.exposure.applied).toMatchObject({ candidate: null });
    expect(held(story)).toEqual(['stop-ship:forward']);
    if (phase !== 'pending') expect(story.state.exposure.fence).toBeGreaterThan(before);
  });

  test('what serves goes on, unless that is meant', () => {
    const story = reach();
    const serving = story.state.serving ? 100 : null;
    stop(story, 'candidate', holder(story));
    expect(wanted(story)).toEqual({ candidate: null, serving });
    stop(story, 'serving', holder(story)).thenAccepted();
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
  });

  test('an answer of the target to what was asked before changes nothing', () => {
    const story = reach();
    const { fence, wanted: allocation } = story.state.exposure;
    story.world.target = 'silent';
    stop(story, 'candidate', holder(story));
    if (phase === 'pending') return;
    story.report({ type: 'exposure-applied', fence, allocation }).thenRejected('unchanged');
    expect(story.state.exposure).toMatchObject({ applied: 'unknown', wanted: { candidate: null } });
  });
});

test('stop-ship in live scope serving: exposure zero, the fallback serves, until the named two lift it', () => {
  const story = taxLive(given(tax(), START));
  stop(story, 'serving').thenEvents(['StopShipped', 'HoldPlaced', 'ExposureRequested', 'ExposureConfirmed']);
  expect(wanted(story)).toEqual({ candidate: null, serving: null });
  expect(held(story)).toEqual(['stop-ship:stopped']);
  const hold = holdId(story, 'stop-ship');
  story.when('lift-hold', { hold }, 'omkar').thenRejected('two-keys-required', 'risk,business');
  story.when('lift-hold', { hold }, 'bela').thenAccepted();
  approve(story, 'two-key-1', 'farah');
  expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
});

test('stop-ship in live scope candidate: what serves goes on, nothing new begins', () => {
  const story = stop(taxLive(given(tax(), START)));
  expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
  const change = { kind: 'prompt', changedSections: ['prompt.tone'], reason: why } as const;
  story.when('open-change', change, 'leena').thenRejected('held');
});

test('stop-ship long before there is a release stops approvals', () => {
  const story = stop(taxInReview(given(tax(), START)));
  answers(story, 'readiness', 'gita', 'approve').thenRejected('held');
  expect(story.state.stage).toBe('review');
});

test('stop-ship is for the roster alone, and joins what was pulled before', () => {
  const story = taxInCanary(given(tax(), START));
  stop(story, 'candidate', 'hari').thenRejected('not-permitted', 'person');
  stop(story, 'candidate', 'tara').thenAccepted();
  stop(story, 'candidate', 'omkar').thenEvents(['StopShipped']);
  expect(held(story)).toEqual(['stop-ship:forward']);
});

test('the racing approval loses: the gate does not pass, and nothing is exposed', () => {
  const story = taxInReview(given(tax(), START));
  story.world.directory = 'down';
  approve(story, 'readiness', 'leena', 'gita');
  stop(story);
  story.world.directory = 'up';
  story.perform().after(HOUR);
  expect(story.state.stage).toBe('review');
  expect(wanted(story)).toEqual({ candidate: null, serving: null });
});

describe('holds by people', () => {
  test('review-all sends every case to a person and goes on serving', () => {
    const story = taxLive(given(tax(), START));
    story.when('hold', { effect: 'review-all', scope: 'serving', reason: why }, 'omkar').thenAccepted();
    expect(story.state.exposure.wanted).toMatchObject({ serving: { percent: 100 }, review: 'all' });
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
    expect(story.state.exposure.wanted.review).toBe('normal');
  });

  test('stopped takes the candidate away, and it soaks anew once lifted', () => {
    const story = taxInCanary(given(tax(), START)).after(DAY / 2);
    story.when('hold', { effect: 'stopped', scope: 'candidate', reason: why }, 'omkar').thenAccepted();
    expect(wanted(story).candidate).toBeNull();
    expect(rollout(story).phase.name).toBe('exposing');
    story.after(DAY).when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
    expect(rollout(story).phase).toMatchObject({
      name: 'soaking',
      since: story.now,
      verifyAt: story.now + DAY,
    });
  });

  test('forward lets a step soak and be verified, but not make way for the next', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = ALL_WELL;
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
    story.after(5 * DAY);
    expect(rollout(story)).toMatchObject({ step: 1, phase: { name: 'pending' } });
    expect(wanted(story).candidate).toBe(10);
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
    expect(wanted(story).candidate).toBe(50);
  });

  test('forward keeps a release from going live after its last step', () => {
    const story = accepting();
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar');
    story.when('accept-exposure', {}, 'omkar').thenRejected('held', 'h1');
  });

  test('are for owners, the roster and the functions that answer for risk', () => {
    const story = taxInCanary(given(tax(), START));
    const payload = { effect: 'forward', scope: 'candidate', reason: why } as const;
    story.when('hold', payload, 'leena').thenRejected('not-permitted', 'person');
    story.when('hold', payload, 'farah').thenAccepted();
    story.when('lift-hold', { hold: 'h7' }, 'farah').thenRejected('not-found', 'hold');
    story.when('lift-hold', { hold: 'h1' }, 'omkar').thenRejected('not-permitted', 'risk');
  });
});
