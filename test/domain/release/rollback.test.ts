import { describe, expect, test } from 'vitest';
import {
  ALL_WELL,
  approve,
  evidence,
  GOOD_TAX,
  held,
  holdId,
  kycInShadow,
  openTaxChange,
  register,
  rollout,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
  taxTwiceLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { kycComplete, low, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');

const back = (story: Story, by = 'omkar') => story.when('roll-back', { reason }, by);

/** Lifts the hold after a rollback of a medium use case: the technical owner and operations. */
function lift(story: Story, causeClass: 'model' | 'prompt' | 'spec' = 'model'): Story {
  const hold = holdId(story, 'rollback');
  story.when('lift-hold', { hold, causeClass }, 'hari').thenAccepted();
  const key = Object.keys(story.state.gates).find((id) => id.startsWith('two-key')) ?? '';
  return approve(story, key, 'omkar');
}

/** A second release, live after a minor change. */
const secondLive = (): Story => taxTwiceLive(given(tax(), START));

describe('a candidate goes back', () => {
  test.each<[string, () => Story]>([
    ['before exposure', () => before()],
    ['while the exposure is unknown', () => exposing()],
    ['in a canary', () => taxInCanary(given(tax(), START))],
    ['while it is verified', () => taxInCanary(given(tax(), START)).after(DAY)],
    ['while its next step is being exposed', () => promoting()],
    ['in a hold', () => inHold()],
    ['at full exposure', () => full()],
  ])('%s', (_, reach) => {
    const story = back(reach()).thenAccepted();
    story.world.target = 'applies';
    story.perform();
    expect(rollout(story).phase.name).toBe('rolled-back');
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(held(story)).toContain('rollback:forward');
  });

  test('while it shadows', () => {
    const story = kycInShadow(given(kycComplete(), START));
    story.when('roll-back', { reason }, 'kavya').thenAccepted();
    expect(rollout(story).phase.name).toBe('rolled-back');
    expect(story.state.exposure.applied).toMatchObject({ candidate: null, serving: null });
    expect(story.state.holds).toMatchObject([{ source: 'rollback', lift: { rootCause: true } }]);
  });

  test('a second order joins the first while that is under way', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.target = 'silent';
    back(story).thenAccepted();
    back(story, 'hari').thenEvents([]);
    expect(held(story)).toEqual(['rollback:forward']);
    story.world.target = 'applies';
    story.perform();
    back(story).thenRejected('nothing-to-roll-back', 'serving');
  });

  test('to what served before, which goes on with all of the traffic', () => {
    const story = openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari');
    approve(story, 'change', 'chitra');
    expect(wanted(story)).toEqual({ candidate: 10, serving: 90 });
    back(story);
    expect(story.the('RolledBack')).toMatchObject({ what: 'candidate', to: text('r1') });
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
  });

  test('is for the roster, owners and operations', () => {
    back(taxInCanary(given(tax(), START)), 'leena').thenRejected('not-permitted', 'person');
  });
});

describe('where it goes on is said when the hold is lifted', () => {
  test.each([
    ['model', 'implementation'],
    ['prompt', 'implementation'],
    ['spec', 'specification'],
  ] as const)('%s re-enters %s', (cause, step) => {
    const story = lift(back(taxInCanary(given(tax(), START))), cause);
    expect(story.state).toMatchObject({ stage: step, holds: [], delivery: { n: 1 } });
    if (step === 'implementation') expect(story.state).toMatchObject({ delivery: { release: null } });
  });

  test('a cause class is needed, by whoever lifts the last hold on it', () => {
    const story = taxInCanary(given(tax(), START));
    story.when('hold', { effect: 'forward', scope: 'candidate', reason }, 'omkar');
    back(story);
    const hold = holdId(story, 'rollback');
    story.when('lift-hold', { hold }, 'hari').thenRejected('cause-class-required', 'causeClass');
    story.when('lift-hold', { hold: 'h1', causeClass: 'model' }, 'farah').thenAccepted();
    expect(rollout(story).phase.name).toBe('rolled-back');
    expect(story.state.holds).toHaveLength(1);
    lift(story);
    expect(story.state.stage).toBe('implementation');
  });

  test('with other holds still open it goes back, and nothing is approved before they are lifted', () => {
    const story = taxInCanary(given(tax(), START));
    story.when('hold', { effect: 'forward', scope: 'candidate', reason }, 'omkar');
    lift(back(story));
    expect(story.state).toMatchObject({ stage: 'implementation', holds: [{ source: 'person' }] });
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
  });

  test('a launch that failed passes review again before anything is exposed', () => {
    const story = lift(back(taxInCanary(given(tax(), START))));
    register(story, 'r2', 'hari');
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-missing', 'eval');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    expect(wanted(story).candidate).toBeNull();
  });
});

describe('what serves goes back', () => {
  test('to the last release that may serve', () => {
    const story = back(secondLive());
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r2'), to: text('r1') });
    expect(story.state.serving?.release.label).toBe('r1');
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    expect(story.state.earlier).toEqual([]);
  });

  test('to the manual fallback where none is left: what was rolled back for cause is none', () => {
    const story = back(secondLive());
    back(story).thenAccepted();
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r1'), to: 'fallback' });
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    back(story).thenRejected('nothing-to-roll-back');
  });

  test('to the manual fallback where the earlier approval has ended', () => {
    const story = secondLive();
    const until = story.state.earlier[0]?.approval.serveUntil ?? 0;
    story.at(until + 1);
    back(story);
    expect(story.the('RolledBack').to).toBe('fallback');
  });

  test('under the keys of full exposure, with a cause', () => {
    const story = back(secondLive());
    const hold = holdId(story, 'rollback');
    story.when('lift-hold', { hold }, 'hari').thenRejected('two-keys-required', 'risk,business');
    story.when('lift-hold', { hold }, 'farah').thenRejected('cause-class-required', 'causeClass');
    story.when('lift-hold', { hold, causeClass: 'vendor' }, 'farah').thenAccepted();
    approve(story, 'two-key-1', 'bela');
    expect(story.state).toMatchObject({ stage: 'live', holds: [], serving: { release: { label: 'r1' } } });
  });

  test('with nothing left to serve, a change starts over from the specification', () => {
    const story = back(taxLive(given(tax(), START)));
    story.when('lift-hold', { hold: 'h1', causeClass: 'model' }, 'farah');
    approve(story, 'two-key-1', 'bela');
    const change = { kind: 'model', changedSections: ['prompt.tone'], reason } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    expect(story.state).toMatchObject({ stage: 'live', serving: null, delivery: { step: 'specification' } });
  });
});

test('a low use case is lifted by its owner and operations, whatever the exposure was', () => {
  const story = given(low(), START);
  story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari');
  story.when('submit-spec', { version: 1 }, 'hari');
  register(story, 'r1', 'hari');
  story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
  story.when('submit-for-review', {}, 'hari').thenAccepted();
  approve(story, 'launch', 'leena', 'omkar');
  story.world.metrics = ALL_WELL;
  story.after(DAY);
  expect(story.state.stage).toBe('live');
  lift(back(story));
  expect(held(story)).toEqual([]);
});

function before(): Story {
  const story = taxInReview(given(tax(), START));
  story.world.directory = 'down';
  approve(story, 'readiness', 'leena', 'gita');
  const asked = ['leena', 'gita'];
  return story.report({ type: 'gate-confirmed', gate: 'readiness', generation: 1, asked, ineligible: [] });
}

function exposing(): Story {
  const story = taxInReview(given(tax(), START));
  story.world.target = 'silent';
  return approve(story, 'readiness', 'leena', 'gita');
}

function promoting(): Story {
  const story = taxInCanary(given(tax(), START));
  story.world.metrics = ALL_WELL;
  story.after(DAY - 1);
  story.world.target = 'silent';
  return story.after(1);
}

function inHold(): Story {
  const story = taxInCanary(given(tax(), START));
  return story.when('hold', { effect: 'stopped', scope: 'candidate', reason }, 'omkar').thenAccepted();
}

function full(): Story {
  const story = taxInCanary(given(tax(), START));
  story.world.metrics = ALL_WELL;
  return story.after(3 * DAY);
}
