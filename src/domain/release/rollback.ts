import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import { liftAfterRollback, placeHold } from '../lifecycle/holds.js';
import type { Hold, Serving, State } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';
import { currentStep } from './plan.js';

/** The newest earlier release that may still serve: its approval unexpired, that of a pilot with its box. */
function eligibleRelease(state: State, now: Instant): Serving | null {
  const boxEnd = state.pilot?.endsAt ?? now;
  return state.earlier.findLast(({ approval }) => (approval.serveUntil ?? boxEnd) > now) ?? null;
}

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

/** Whether a rollback or stop-ship has been ordered and its exposure not been read back yet: another order joins it. */
export function rollbackUnderWay({ holds, exposure }: State): boolean {
  return (
    exposure.applied === 'unknown' &&
    holds.some(({ source }) => source === 'rollback' || source === 'stop-ship')
  );
}

type Cause = Pick<Hold, 'source' | 'reason' | 'by' | 'verified'> & {
  readonly why: string;
  /** Effect on what goes on serving. */
  readonly effect?: Hold['effect'];
};

/** Takes the candidate back; what served before goes on, or the manual fallback does. */
export function rollBackCandidate(draft: Draft, cause: Cause): void {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return;
  const atFull = currentStep(delivery.rollout)?.percent === 100;
  const to = state.serving?.release.digest ?? 'fallback';
  draft.emit({ type: 'RolledBack', what: 'candidate', release: delivery.release.digest, to, why: cause.why });
  const { source, reason, by, verified } = cause;
  const lift = liftAfterRollback(state, atFull);
  placeHold(draft, {
    effect: cause.effect ?? 'forward',
    scope: 'candidate',
    source,
    reason,
    by,
    verified,
    gate: null,
    lift,
  });
}

/** Takes the serving release back to the last eligible one, or to the manual fallback. */
export function rollBackServing(draft: Draft, cause: Cause): void {
  const { state, now } = draft;
  if (!state.serving) return;
  const target = eligibleRelease(state, now);
  const to = target?.release.digest ?? 'fallback';
  draft.emit({
    type: 'RolledBack',
    what: 'serving',
    release: state.serving.release.digest,
    to,
    why: cause.why,
  });
  const { source, reason, by, verified } = cause;
  const lift = liftAfterRollback(state, true);
  placeHold(draft, {
    effect: cause.effect ?? 'forward',
    scope: 'serving',
    source,
    reason,
    by,
    verified,
    gate: null,
    lift,
  });
}
