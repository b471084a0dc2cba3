/**
 * Where a lifecycle stands for the decision-time guard: what is exposed, under which spec, and what stops it. A reading
 * of its state, stored beside its row in lists, so that every instance of the API can hold all of them in memory.
 */
import type { Digest } from '../digest.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { Hold, State } from '../lifecycle/state.js';
import { wantedAllocation } from '../release/exposure.js';

/** A release that is exposed. In a shadow its answers reach nobody. */
export interface ExposedRelease {
  readonly label: string;
  readonly digest: Digest;
  /** The spec it was approved under. */
  readonly spec: Digest;
  readonly as: 'serving' | 'candidate' | 'shadow';
}

/** How many people and cases may be touched in all; of a pilot. */
export interface GuardCaps {
  readonly people: number;
  readonly cases: number;
}

export interface Standing {
  readonly team: string;
  /** What is to be exposed: nothing, where something stops it. */
  readonly releases: readonly ExposedRelease[];
  /** The hold that stops everything; null: none does. */
  readonly stoppedBy: string | null;
  /** The hold that sends every case to a person. */
  readonly reviewAllBy: string | null;
  readonly caps: GuardCaps | null;
}

/** null: it was never exposed, so there is nothing to guard. */
export function standingOf(state: State): Standing | null {
  if (state.exposure.fence === 0) return null;
  const { candidate, serving } = wantedAllocation(state);
  const delivery = deliveryOf(state);
  const releases: ExposedRelease[] = [];
  if (serving !== null && state.serving !== null) {
    const { release, spec } = state.serving;
    releases.push({ label: release.label, digest: release.digest, spec: spec.spec.digest, as: 'serving' });
  }
  if (candidate !== null && delivery?.step === 'release') {
    const { release, spec } = delivery;
    const as = candidate.shadow ? 'shadow' : 'candidate';
    releases.push({ label: release.label, digest: release.digest, spec: spec.spec.digest, as });
  }
  const standing = { team: state.team.id, releases, stoppedBy: null, reviewAllBy: null, caps: capsOf(state) };
  return tightened(standing, state.holds);
}

/** Only the guard can count these; what a target can see, the share, it is told. */
function capsOf(state: State): GuardCaps | null {
  const { pilot, serving, mode } = state;
  // What was approved as a pilot stays one while the promoted use case is delivered anew.
  if (pilot === null || (mode !== 'pilot' && serving?.approval.serveUntil !== null)) return null;
  const caps = mode === 'pilot' ? rulesOf(state)?.caps : null;
  const people = Math.min(caps?.people ?? pilot.cohort.people, pilot.cohort.people);
  return { people, cases: caps?.cases ?? Number.MAX_SAFE_INTEGER };
}

/** The same under these holds: never milder than it was. */
export function tightened(
  standing: Standing,
  holds: readonly Pick<Hold, 'id' | 'effect' | 'scope'>[],
): Standing {
  let { releases, stoppedBy, reviewAllBy } = standing;
  for (const { id, effect, scope } of holds) {
    switch (effect) {
      case 'forward':
        break;
      case 'review-all':
        reviewAllBy ??= id;
        break;
      case 'stopped':
        releases = scope === 'serving' ? [] : releases.filter(({ as }) => as === 'serving');
        if (scope === 'serving') stoppedBy ??= id;
    }
  }
  return { ...standing, releases, stoppedBy, reviewAllBy };
}
