import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import type { Serving, State } from '../lifecycle/state.js';
import type { Allocation } from './allocation.js';
import { currentStep } from './plan.js';

export const NOTHING: Allocation = { candidate: null, serving: null, cohort: null, review: 'normal' };

function stopped(state: State, scope: 'candidate' | 'serving'): boolean {
  return state.holds.some((hold) => hold.effect === 'stopped' && (hold.scope === 'serving' || hold.scope === scope));
}

/** Who is exposed to the candidate while its rollout stands where it stands. */
function candidateShare(state: State): Allocation['candidate'] {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release' || stopped(state, 'candidate')) return null;
  const { rollout, release } = delivery;
  const step = currentStep(rollout);
  return step && { release: release.digest, percent: step.percent, shadow: step.kind === 'shadow' };
}

function servingShare(serving: Serving | null, candidate: Allocation['candidate']): Allocation['serving'] {
  if (!serving) return null;
  const taken = candidate === null || candidate.shadow ? 0 : candidate.percent;
  const percent = Math.max(0, serving.percent - taken);
  return percent === 0 ? null : { release: serving.release.digest, percent };
}

/** The exposure the state asks for: a pure reading, so that no path can forget to withdraw one. */
export function wantedAllocation(state: State): Allocation {
  const candidate = candidateShare(state);
  const serving = stopped(state, 'serving') ? null : servingShare(state.serving, candidate);
  const exposed = candidate !== null || serving !== null;
  return {
    candidate,
    serving,
    cohort: exposed && state.mode === 'pilot' && state.pilot ? state.pilot.cohort : null,
    review: exposed && state.holds.some(({ effect }) => effect === 'review-all') ? 'all' : 'normal',
  };
}

export function sameAllocation(a: Allocation, b: Allocation): boolean {
  return (
    a.candidate?.release === b.candidate?.release &&
    a.candidate?.percent === b.candidate?.percent &&
    a.candidate?.shadow === b.candidate?.shadow &&
    a.serving?.release === b.serving?.release &&
    a.serving?.percent === b.serving?.percent &&
    a.cohort?.digest === b.cohort?.digest &&
    a.review === b.review
  );
}

/** Asks for a new exposure, under a higher fence, whenever the state wants another than was asked for. */
export function requestExposure(draft: Draft): void {
  const { exposure } = draft.state;
  const allocation = wantedAllocation(draft.state);
  if (sameAllocation(allocation, exposure.wanted)) return;
  draft.emit({ type: 'ExposureRequested', fence: exposure.fence + 1, allocation });
}

/** Share of the traffic that releases take, 0 to 100; `unknown` between request and read-back. */
export function exposedPercent(state: State): number | 'unknown' {
  const { applied } = state.exposure;
  if (applied === 'unknown') return 'unknown';
  const candidate = applied.candidate && !applied.candidate.shadow ? applied.candidate.percent : 0;
  return candidate + (applied.serving?.percent ?? 0);
}
