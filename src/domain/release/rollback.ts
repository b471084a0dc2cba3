import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import { liftAfterRollback, placeHold } from '../lifecycle/holds.js';
import type { Hold, State } from '../lifecycle/state.js';
import { eligibleRelease } from './eligible-release.js';
import { currentStep } from './plan.js';
import type { Rollout } from './rollout.js';

/** Whether a candidate is on its way to, or at, people. */
export function candidateUnderWay(state: State): boolean {
  const delivery = deliveryOf(state);
  return delivery?.step === 'release' && delivery.rollout.phase.name !== 'rolled-back';
}

/** Whether a rollback of a candidate has been ordered and its hold not lifted yet. */
export function rollbackStands(state: State): boolean {
  const delivery = deliveryOf(state);
  return delivery?.step === 'release' && delivery.rollout.phase.name === 'rolled-back';
}

/**
 * Whether a rollback has been ordered and its exposure not been read back yet: another order joins it. Before
 * engine 3 any pending effect counted while a rollback's hold stood, and swallowed an order about what serves.
 */
export function rollbackUnderWay({ engine, holds, exposure }: State): boolean {
  if (exposure.applied !== 'unknown') return false;
  if (engine >= 3) return exposure.goingBack === true;
  return holds.some(({ source }) => source === 'rollback' || source === 'stop-ship');
}

/** Why something goes back, as its hold says it. */
export type Cause = Pick<Hold, 'source' | 'reason' | 'by' | 'verified'> & {
  readonly why: string;
  /** It makes way for something else, and nothing is said against it. */
  readonly blameless?: true;
};

function holdFor(draft: Draft, { source, reason, by, verified }: Cause, more: Held): void {
  placeHold(draft, { source, reason, by, verified, gate: null, ...more });
}
type Held = Pick<Hold, 'effect' | 'scope' | 'lift'>;

/** A shadow takes all of the cases and none of the traffic; before engine 3 it was told by its share alone. */
function atFullExposure({ engine }: State, rollout: Rollout): boolean {
  const step = currentStep(rollout);
  return step?.percent === 100 && (step.kind !== 'shadow' || engine < 3);
}

/** Takes the candidate back; what served before goes on, or the manual fallback does. */
export function rollBackCandidate(draft: Draft, cause: Cause): void {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return;
  const { digest: release } = delivery.release;
  const to = state.serving?.release.digest ?? 'fallback';
  const { why, blameless } = cause;
  draft.emit({ type: 'RolledBack', what: 'candidate', release, to, why, ...(blameless && { blameless }) });
  const lift = liftAfterRollback(state, atFullExposure(state, delivery.rollout));
  holdFor(draft, cause, { effect: 'forward', scope: 'candidate', lift });
}

/** Takes the serving release back to the last eligible one, or to the manual fallback. */
export function rollBackServing(draft: Draft, cause: Cause, effect: Hold['effect'] = 'forward'): void {
  if (!draft.state.serving) return;
  leaveServing(draft, cause.why);
  holdFor(draft, cause, { effect, scope: 'serving', lift: liftAfterRollback(draft.state, true) });
}

function leaveServing({ state, now, emit }: Draft, why: string): void {
  if (!state.serving) return;
  const to = eligibleRelease(state, now)?.release.digest ?? 'fallback';
  emit({ type: 'RolledBack', what: 'serving', release: state.serving.release.digest, to, why });
}

/**
 * Lets the manual fallback serve. Nothing is said against the release that served beside a candidate: it goes on
 * once the hold is lifted. Before engine 3 it was rolled back with the candidate.
 */
export function fallBack(draft: Draft, cause: Cause): void {
  if (draft.state.engine < 3) rollBackServing(draft, cause, 'stopped');
  else if (draft.state.serving)
    holdFor(draft, cause, {
      effect: 'stopped',
      scope: 'serving',
      lift: liftAfterRollback(draft.state, true),
    });
}
