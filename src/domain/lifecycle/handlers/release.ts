import type { Command } from '../../commands/payloads.js';
import { type Rejection, reject, rejectAll } from '../../rejection.js';
import {
  candidateUnderWay,
  rollBackCandidate,
  rollBackServing,
  rollbackStands,
  rollbackUnderWay,
} from '../../release/rollback.js';
import { serve, standing, stepBlockers } from '../../release/rollout-progress.js';
import { servingEnd } from '../../release/serving-term.js';
import { deliveryOf } from '../delivery.js';
import type { Draft } from '../draft.js';
import { liftAfterRollback, ordinaryLift, placeHold, refuseUnliftable } from '../holds.js';
import { calendarOf } from '../rules.js';
import type { Hold, ReleaseDelivery, State } from '../state.js';
import { refuseKeyless, turnFirstKey } from '../two-key.js';

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
    return reject(
      'not-verified',
      `the rollout is ${phase.name} at step ${step + 1}; a step is never ended early`,
      'rollout',
    );
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
  const held = rejectAll(standing(draft.state, draft.now));
  if (held) return held;
  if (phase.name === 'accepting') {
    draft.emit({ type: 'ExposureAccepted', by: actor.person });
    serve(draft, delivery);
    return undefined;
  }
  if (phase.name !== 'pending' || steps[step]?.accept !== 'before' || accepted) {
    return reject(
      'not-verified',
      `nothing is up for acceptance: the rollout is ${phase.name} at step ${step + 1} of ${steps.length}`,
      'rollout',
    );
  }
  draft.emit({ type: 'ExposureAccepted', by: actor.person });
  draft.emit({ type: 'RolloutMoved', step, phase, what: 'accepted' });
  return undefined;
}

/** Goes back: the candidate first, else what serves. A second order joins a rollback that is still under way. */
export function rollBack(draft: Draft, { actor, payload }: Command<'roll-back'>): Rejection | undefined {
  const { state } = draft;
  const { person: by, verified } = actor;
  const cause = { source: 'rollback', reason: payload.reason, by, verified, why: 'ordered' } as const;
  if (candidateUnderWay(state)) {
    rollBackCandidate(draft, cause);
    return undefined;
  }
  if (rollbackUnderWay(state)) return undefined;
  if (!state.serving) {
    const message = 'nothing is exposed: the manual fallback already serves';
    return reject('nothing-to-roll-back', message, 'serving');
  }
  rollBackServing(draft, cause);
  return undefined;
}

/** Stop-ship: beats every pending effect. A candidate goes to zero; with `serving`, what is live too. */
export function stopShip(draft: Draft, { actor, payload }: Command<'stop-ship'>): Rejection | undefined {
  const { scope, reason } = payload;
  const { person: by, verified } = actor;
  draft.emit({ type: 'StopShipped', scope, by, reason, verified });
  const given = { source: 'stop-ship', reason, by, verified } as const;
  if (candidateUnderWay(draft.state)) rollBackCandidate(draft, { ...given, why: 'stop-ship' });
  // Pulled again it joins the hold that is there, so that nobody has to lift it twice.
  if (draft.state.holds.some((held) => held.source === 'stop-ship' && held.scope === scope)) return undefined;
  const effect = scope === 'serving' ? 'stopped' : 'forward';
  const lift = liftAfterRollback(draft.state, scope === 'serving');
  placeHold(draft, { ...given, effect, scope, gate: null, lift });
  return undefined;
}

export function hold(draft: Draft, { actor, payload }: Command<'hold'>): Rejection | undefined {
  const { effect, scope, reason } = payload;
  const { person: by, verified } = actor;
  const same = draft.state.holds.find(
    (held) => held.by === by && held.effect === effect && held.scope === scope,
  );
  if (same) return reject('unchanged', `your hold ${same.id} already does this`, same.id);
  const lift = ordinaryLift(draft.state);
  placeHold(draft, { effect, scope, source: 'person', reason, by, verified, gate: null, lift });
  return undefined;
}

/** Whether lifting this hold says where the delivery that was rolled back goes on; the last one always does. */
function decidesReentry(state: State, { source }: Hold): boolean {
  if (!rollbackStands(state)) return false;
  const tookBack = source === 'rollback' || source === 'stop-ship' || source === 'eligibility';
  return tookBack || state.holds.length === 1;
}

export function liftHoldByCommand(
  draft: Draft,
  { actor, payload }: Command<'lift-hold'>,
): Rejection | undefined {
  const { state } = draft;
  const held = state.holds.find(({ id }) => id === payload.hold);
  if (!held) {
    const open = state.holds.map(({ id }) => id).join(', ') || 'none';
    return reject('not-found', `no hold ${payload.hold} is open; open are: ${open}`, 'hold');
  }
  const { keys, rootCause } = held.lift;
  const keyless = refuseKeyless(state, actor, keys);
  if (keyless) return keyless;
  const unliftable = refuseUnliftable(state, held);
  if (unliftable) return unliftable;
  if (held.source === 'approval' && (servingEnd(state, draft.now) ?? Number.POSITIVE_INFINITY) <= draft.now) {
    const { id } = calendarOf(state);
    return reject(
      'beyond-calendar',
      `calendar ${id} ends before a new term would; publish one that reaches further`,
      id,
    );
  }
  const reenters = decidesReentry(state, held);
  if ((reenters || held.source === 'rollback') && !payload.causeClass) {
    const classes = Object.keys(state.model.reentry).join(', ');
    const message = `say what caused it, one of ${classes}: it tells where the delivery re-enters`;
    return reject('cause-class-required', message, 'causeClass');
  }
  if (rootCause && !payload.rootCause) {
    return reject('root-cause-required', 'this tier lifts the hold with a root cause only', 'rootCause');
  }
  const act = {
    type: 'lift-hold',
    hold: held.id,
    causeClass: reenters || !rollbackStands(state) ? (payload.causeClass ?? null) : null,
    rootCause: payload.rootCause ?? null,
  } as const;
  return turnFirstKey(draft, actor, keys, act);
}
