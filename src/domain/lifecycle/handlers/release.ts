import type { Command } from '../../commands/payloads.js';
import { type Rejection, reject, rejectAll } from '../../rejection.js';
import { candidateUnderWay, rollBackCandidate, rollBackServing, rollbackStands } from '../../release/rollback.js';
import { serve, stepBlockers } from '../../release/rollout-progress.js';
import { deliveryOf } from '../delivery.js';
import type { Draft } from '../draft.js';
import { liftAfterRollback, ordinaryLift, placeHold } from '../holds.js';
import type { ReleaseDelivery, State } from '../state.js';
import { turnFirstKey } from '../two-key.js';

function rollingOut(state: State): ReleaseDelivery | Rejection {
  const delivery = deliveryOf(state);
  if (delivery?.step === 'release' && candidateUnderWay(state)) return delivery;
  return reject('wrong-stage', 'no rollout is under way', 'stage');
}

/** Takes the pending step by command: everything but the command itself must already be out of its way. */
function takeStep(draft: Draft, wanted: 'start-rollout' | 'advance'): Rejection | undefined {
  const delivery = rollingOut(draft.state);
  if ('rejected' in delivery) return delivery;
  const { phase, step } = delivery.rollout;
  const starts = step === 0;
  if (phase.name !== 'pending' || starts !== (wanted === 'start-rollout')) {
    return reject('not-verified', `the rollout is ${phase.name} at step ${step + 1}; a step is never ended early`, 'rollout');
  }
  const others = stepBlockers(draft.state, delivery, draft.now).filter(({ fact }) => fact !== wanted);
  const refused = rejectAll(others);
  if (refused) return refused;
  draft.emit({ type: 'RolloutMoved', step, phase, what: 'advanced' });
  return undefined;
}

export function startRollout(draft: Draft): Rejection | undefined {
  return takeStep(draft, 'start-rollout');
}

export function advance(draft: Draft): Rejection | undefined {
  return takeStep(draft, 'advance');
}

/** The operating owner accepts: before the last step where the plan says so, or after it has passed. */
export function acceptExposure(draft: Draft, { actor }: Command<'accept-exposure'>): Rejection | undefined {
  const delivery = rollingOut(draft.state);
  if ('rejected' in delivery) return delivery;
  const { phase, step, steps, accepted } = delivery.rollout;
  if (phase.name === 'accepting') {
    const held = rejectAll(stepBlockers(draft.state, delivery, draft.now).filter(({ code }) => code === 'held' || code === 'frozen'));
    if (held) return held;
    draft.emit({ type: 'ExposureAccepted', by: actor.person });
    serve(draft, delivery);
    return undefined;
  }
  if (phase.name !== 'pending' || steps[step]?.accept !== 'before' || accepted) {
    return reject('not-verified', `nothing is up for acceptance: the rollout is ${phase.name} at step ${step + 1} of ${steps.length}`, 'rollout');
  }
  draft.emit({ type: 'ExposureAccepted', by: actor.person });
  draft.emit({ type: 'RolloutMoved', step, phase, what: 'accepted' });
  return undefined;
}

/** Goes back: the candidate first, else what serves. A second order joins a rollback that stands. */
export function rollBack(draft: Draft, { actor, payload }: Command<'roll-back'>): Rejection | undefined {
  const { state } = draft;
  const { person: by, verified } = actor;
  const cause = { source: 'rollback', reason: payload.reason, by, verified, why: 'ordered' } as const;
  if (rollbackStands(state) && state.holds.some(({ source }) => source === 'rollback' || source === 'stop-ship')) return undefined;
  if (candidateUnderWay(state)) {
    rollBackCandidate(draft, cause);
    return undefined;
  }
  if (!state.serving) return reject('nothing-to-roll-back', 'nothing is exposed: the manual fallback already serves', 'serving');
  rollBackServing(draft, cause);
  return undefined;
}

/** Stop-ship: beats every pending effect. A candidate goes to zero; with `serving`, what is live too. */
export function stopShip(draft: Draft, { actor, payload }: Command<'stop-ship'>): Rejection | undefined {
  const { scope, reason } = payload;
  const { person: by, verified } = actor;
  draft.emit({ type: 'StopShipped', scope, by, reason, verified });
  const cause = { source: 'stop-ship', reason, by, verified, why: 'stop-ship' } as const;
  if (candidateUnderWay(draft.state)) rollBackCandidate(draft, cause);
  else if (scope === 'candidate') {
    placeHold(draft, { effect: 'forward', scope, source: 'stop-ship', reason, by, verified, gate: null, lift: liftAfterRollback(draft.state, false) });
  }
  if (scope === 'serving') {
    placeHold(draft, { effect: 'stopped', scope, source: 'stop-ship', reason, by, verified, gate: null, lift: liftAfterRollback(draft.state, true) });
  }
  return undefined;
}

export function hold(draft: Draft, { actor, payload }: Command<'hold'>): Rejection | undefined {
  const { effect, scope, reason } = payload;
  const { person: by, verified } = actor;
  placeHold(draft, { effect, scope, source: 'person', reason, by, verified, gate: null, lift: ordinaryLift(draft.state) });
  return undefined;
}

export function liftHoldByCommand(draft: Draft, { actor, payload }: Command<'lift-hold'>): Rejection | undefined {
  const { state } = draft;
  const held = state.holds.find(({ id }) => id === payload.hold);
  if (!held) return reject('not-found', `no hold ${payload.hold} is open; open are: ${state.holds.map(({ id }) => id).join(', ') || 'none'}`, 'hold');
  const tookBack = held.source === 'rollback' || held.source === 'stop-ship';
  if (rollbackStands(state) && tookBack && !payload.causeClass) {
    const classes = Object.keys(state.model.reentry).join(', ');
    return reject('cause-class-required', `say what caused it, one of ${classes}: it tells where the delivery re-enters`, 'causeClass');
  }
  if (held.lift.rootCause && !payload.rootCause) {
    return reject('root-cause-required', 'this tier lifts the hold with a root cause only', 'rootCause');
  }
  const act = { type: 'lift-hold', hold: held.id, causeClass: payload.causeClass ?? null, rootCause: payload.rootCause ?? null } as const;
  return turnFirstKey(draft, actor, held.lift.keys, act);
}
