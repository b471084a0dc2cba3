import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/domain/lifecycle/state.js';
import {
  ALL_WELL,
  held,
  holdId,
  rollout,
  taxChangeInCanary,
  taxInCanary,
  taxTwiceLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { modelWith, tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');

const back = (story: Story, by = 'omkar') => story.when('roll-back', { reason }, by);
const stop = (story: Story, scope: 'candidate' | 'serving') =>
  story.when('stop-ship', { scope, reason }, 'tara').thenAccepted();

/** The canary of a change beside r1. */
const changing = (engine: Engine = 3): Story => taxChangeInCanary(given(tax({ engine }), START));
const twice = (): Story => taxTwiceLive(given(tax({ engine: 3 }), START));

describe('an order to roll back joins the rollback that is under way, and no other effect', () => {
  test('of the candidate: the second order is about what the first one is about', () => {
    const story = changing();
    story.world.target = 'silent';
    back(story).thenAccepted();
    back(story, 'hari').thenEvents([]);
    expect(story.state.serving?.release.label).toBe('r1');
  });

  test('of what serves', () => {
    const story = twice();
    story.world.target = 'silent';
    back(story).thenAccepted();
    back(story, 'hari').thenEvents([]);
    expect(story.state.serving?.release.label).toBe('r1');
    story.world.target = 'applies';
    story.perform();
    back(story);
    expect(story.the('RolledBack')).toMatchObject({ release: text('r1'), to: 'fallback' });
  });

  test('whatever else is asked for meanwhile, it is under way until the target shows it', () => {
    const story = twice();
    story.world.target = 'silent';
    back(story);
    story.when('hold', { effect: 'review-all', scope: 'serving', reason }, 'omkar').thenAccepted();
    back(story, 'hari').thenEvents([]);
  });

  test('a rollback that was read back long ago is joined by nothing', () => {
    const story = back(changing());
    expect(held(story)).toEqual(['rollback:forward']);
    story.world.target = 'silent';
    story.when('hold', { effect: 'review-all', scope: 'serving', reason }, 'omkar').thenAccepted();
    back(story, 'hari').thenAccepted();
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r1'), to: 'fallback' });
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
  });

  test('nor one that exposed nobody', () => {
    const story = changing();
    stop(story, 'candidate');
    story.world.target = 'silent';
    stop(story, 'serving');
    back(story).thenAccepted();
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r1') });
  });

  test('before engine 3 such an order was swallowed', () => {
    const story = back(changing(2));
    story.world.target = 'silent';
    story.when('hold', { effect: 'review-all', scope: 'serving', reason }, 'omkar').thenAccepted();
    back(story, 'hari').thenEvents([]);
  });
});

describe('a rollback during a promotion', () => {
  test('to the next step, while the target has not shown it', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = ALL_WELL;
    story.after(DAY - 1);
    story.world.target = 'silent';
    story.after(1);
    expect(rollout(story)).toMatchObject({ step: 1, phase: { name: 'exposing' } });
    back(story).thenAccepted();
    story.world.target = 'applies';
    story.perform();
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(story.state.exposure.applied).toMatchObject({ candidate: null, serving: null });
  });

  test('to serving, while the target has not shown it', () => {
    const story = changing();
    story.after(3 * DAY);
    story.world.target = 'silent';
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    back(story).thenAccepted();
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r2'), to: text('r1') });
    story.world.target = 'applies';
    story.perform();
    expect(story.state.exposure.applied).toMatchObject({ serving: { release: text('r1'), percent: 100 } });
  });
});

describe('the keys of the hold afterwards are those of what was exposed', () => {
  const shadowed = (engine: Engine) => {
    const model = modelWith(({ rules }) => {
      rules.governed.medium.rollout.steps = [
        { kind: 'shadow', percent: 100, window: '24h' },
        ...rules.governed.medium.rollout.steps,
      ];
    });
    const story = taxInCanary(given(tax({ model, engine }), START));
    expect(story.state.exposure.wanted.candidate).toMatchObject({ shadow: true, percent: 100 });
    back(story).thenAccepted();
    return story.when('lift-hold', { hold: holdId(story, 'rollback') }, 'gita');
  };

  test('a shadow of all cases was exposed to nobody: technical owner and operations', () => {
    const story = shadowed(3).thenRejected('two-keys-required', 'technicalOwner,operations');
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
  });

  test('before engine 3 it counted as full exposure', () => {
    shadowed(2).thenRejected('two-keys-required', 'risk,business');
  });
});
