import { describe, expect, test } from 'vitest';
import { standingOf, tightened } from '../../../src/domain/guard/standing.js';
import { approve, kycInShadow, taxInCanary, taxInReview, taxLive } from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { kycComplete, pilot, tax } from '../../support/decider/use-cases.js';

const MONDAY = '2026-11-16 10:00';
const reason = text('why');
const exposed = (story: Story) => standingOf(story.state)?.releases.map(({ as, label }) => `${as} ${label}`);
const live = () => taxLive(given(tax(), MONDAY));
const piloted = () => approve(given(pilot(ist(MONDAY)), MONDAY), 'start', 'leena');

function hold(story: Story, effect: 'stopped' | 'review-all' | 'forward', scope: 'candidate' | 'serving') {
  return story.when('hold', { effect, scope, reason }, 'omkar').thenAccepted();
}

describe('where a lifecycle stands', () => {
  test('is nowhere until it is first exposed', () => {
    expect(standingOf(taxInReview(given(tax(), MONDAY)).state)).toBeNull();
  });

  test('is the release that is exposed, with the spec that it was approved under', () => {
    const story = live();
    const { serving } = story.state;
    expect(standingOf(story.state)).toEqual({
      team: 'tax-filing',
      releases: [
        { label: 'r1', digest: serving?.release.digest, spec: serving?.spec.spec.digest, as: 'serving' },
      ],
      stoppedBy: null,
      reviewAllBy: null,
      caps: null,
    });
  });

  test('tells a shadow from a canary', () => {
    expect(exposed(kycInShadow(given(kycComplete(), MONDAY)))).toEqual(['shadow r1']);
    expect(exposed(taxInCanary(given(tax(), MONDAY)))).toEqual(['candidate r1']);
  });

  test('of a pilot has its caps, and its cohort where that is smaller', () => {
    const story = piloted();
    expect(exposed(story)).toEqual(['serving r1']);
    expect(standingOf(story.state)?.caps).toEqual({ people: 40, cases: 5_000 });
  });

  test('under a hold that only stops moving forward is as before', () => {
    expect(standingOf(hold(live(), 'forward', 'serving').state)).toEqual(standingOf(live().state));
  });

  test('under a hold that stops is nothing, and says which hold', () => {
    const story = hold(live(), 'stopped', 'serving');
    expect(standingOf(story.state)).toMatchObject({ releases: [], stoppedBy: 'h1' });
    const canary = hold(taxInCanary(given(tax(), MONDAY)), 'stopped', 'candidate');
    expect(standingOf(canary.state)).toMatchObject({ releases: [], stoppedBy: null });
  });

  test('under a hold that sends everything to a person says so', () => {
    expect(standingOf(hold(live(), 'review-all', 'serving').state)).toMatchObject({
      reviewAllBy: 'h1',
      releases: [{ as: 'serving' }],
    });
  });

  test('of what was retired is nothing exposed', () => {
    const story = piloted();
    story.when('end-pilot', { reason }, 'leena');
    if (story.state.stage !== 'retired') story.when('end-pilot', { reason }, story.state.startedBy);
    expect(story.state.stage).toBe('retired');
    expect(exposed(story)).toEqual([]);
  });
});

describe('what an instance heard before it was recorded', () => {
  const standing = {
    team: 't',
    releases: [
      { label: 'r1', digest: 'sha256:1', spec: 'sha256:s', as: 'serving' as const },
      { label: 'r2', digest: 'sha256:2', spec: 'sha256:s', as: 'candidate' as const },
      { label: 'r3', digest: 'sha256:3', spec: 'sha256:s', as: 'shadow' as const },
    ],
    stoppedBy: null,
    reviewAllBy: 'h1',
    caps: null,
  };

  test('of the candidate leaves what serves', () => {
    const held = tightened(standing, [{ id: 'h2', effect: 'stopped', scope: 'candidate' }]);
    expect(held.releases.map(({ label }) => label)).toEqual(['r1']);
    expect(held.stoppedBy).toBeNull();
  });

  test('only ever takes away, and names the hold that was first', () => {
    const held = tightened(standing, [
      { id: 'h2', effect: 'forward', scope: 'serving' },
      { id: 'h3', effect: 'review-all', scope: 'serving' },
      { id: 'h4', effect: 'stopped', scope: 'serving' },
      { id: 'h5', effect: 'stopped', scope: 'serving' },
    ]);
    expect(held).toEqual({ ...standing, releases: [], stoppedBy: 'h4' });
    expect(tightened(standing, [])).toEqual(standing);
  });
});
