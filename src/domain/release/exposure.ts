import { deliveryOf } from '../lifecycle/delivery.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { Allocation } from './allocation.js';
import { currentStep } from './plan.js';

export const NOTHING: Allocation = { candidate: null, serving: null, cohort: null, review: 'normal' };

/** In a pilot no share is above the cap of its tier, also where that was raised after the approval. */
function capped(state: State, percent: number): number {
  const cap = state.mode === 'pilot' ? rulesOf(state)?.caps?.sharePercent : undefined;
  return Math.min(percent, cap ?? 100);
}

function stopped(state: State, scope: 'candidate' | 'serving'): boolean {
  return state.holds.some(
    (hold) => hold.effect === 'stopped' && (hold.scope === 'serving' || hold.scope === scope),
  );
}

/** Who is exposed to the candidate while its rollout stands where it stands. */
function candidateShare(state: State): Allocation['candidate'] {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release' || stopped(state, 'candidate')) return null;
  const { rollout, release } = delivery;
  const step = currentStep(rollout);
  const shadow = step?.kind === 'shadow';
  return (
    step && { release: release.digest, percent: shadow ? step.percent : capped(state, step.percent), shadow }
  );
}

function servingShare(state: State, candidate: Allocation['candidate']): Allocation['serving'] {
  const { serving } = state;
  if (!serving) return null;
  const taken = candidate === null || candidate.shadow ? 0 : candidate.percent;
  const percent = Math.max(0, capped(state, serving.percent) - taken);
  return percent === 0 ? null : { release: serving.release.digest, percent };
}

/** What was allowed for a pilot stays within its people, also while the promoted use case is delivered anew. */
function cohortOf(state: State, serves: boolean): Allocation['cohort'] {
  const underPilotApproval = serves && state.serving?.approval.serveUntil === null;
  return state.pilot && (state.mode === 'pilot' || underPilotApproval) ? state.pilot.cohort : null;
}

/** The exposure the state asks for: a pure reading, so that no path can forget to withdraw one. */
export function wantedAllocation(state: State): Allocation {
  const candidate = candidateShare(state);
  const serving = stopped(state, 'serving') ? null : servingShare(state, candidate);
  const exposed = candidate !== null || serving !== null;
  return {
    candidate,
    serving,
    cohort: exposed ? cohortOf(state, serving !== null) : null,
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

/** Key of the effect that sets the exposure under a fence. */
export function exposureKey(lifecycle: string, fence: number): string {
  return `${lifecycle}/exposure/${fence}`;
}

/** Share of the traffic that releases take, 0 to 100; `unknown` between request and read-back. */
export function exposedPercent(state: State): number | 'unknown' {
  const { applied } = state.exposure;
  if (applied === 'unknown') return 'unknown';
  const candidate = applied.candidate && !applied.candidate.shadow ? applied.candidate.percent : 0;
  return candidate + (applied.serving?.percent ?? 0);
}
