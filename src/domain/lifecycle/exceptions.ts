/** Policy exceptions: which control is unmet where, what granting one does, and what follows when it expires. */
import type { TwoKeyAct } from '../gates/two-key-act.js';
import { type Control, controlOf } from '../governance/control.js';
import { evidenceReasons } from '../governance/evidence.js';
import type { PolicyException } from '../governance/exception.js';
import type { Reason } from '../rejection.js';
import { candidateUnderWay } from '../release/rollback.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { decidesDelivery } from './gate-closing.js';
import { giveBack } from './gate-return.js';
import { machineHold } from './holds.js';
import { loadReasons } from './review.js';
import { reviewGateName } from './rules.js';
import type { Delivery, State } from './state.js';

type Act = Extract<TwoKeyAct, { type: 'grant-exception' }>;
export type Place = PolicyException['place'];

/** The gate or step that an open delivery comes to next; null where it has none ahead. */
export function placeAhead(state: State, delivery: Delivery): Place | null {
  switch (delivery.step) {
    case 'specification':
      return 'specification';
    case 'implementation':
    case 'review':
      return reviewGateName(state, delivery.change?.materiality === 'minor');
    case 'release':
      return candidateUnderWay(state) ? (delivery.rollout.steps[delivery.rollout.step]?.kind ?? null) : null;
  }
}

/** Everything unmet at a place, of what an exception could pass or not. */
function unmetAt(state: State, place: Place, now: Instant): Reason[] {
  const delivery = deliveryOf(state);
  const load = delivery && delivery.step !== 'specification' ? loadReasons(delivery.spec, state, now) : [];
  return [...evidenceReasons(state, place, now), ...load];
}

/** Unmet controls at the place that the open delivery comes to next, as far as the pinned model lets them be passed. */
export function passableControls(state: State, now: Instant): Control[] {
  const delivery = deliveryOf(state);
  const place = delivery && placeAhead(state, delivery);
  if (!place) return [];
  const unmet = unmetAt(state, place, now).map((reason) => controlOf(reason));
  return (state.model.exceptions?.mayPass ?? []).filter((control) => unmet.includes(control));
}

/** Both keys have turned: the control is passed for this delivery until the exception expires. */
export function grant({ state, now, emit }: Draft, act: Act, by: readonly PersonId[]): void {
  const { type: _type, ...granted } = act;
  if (deliveryOf(state)?.n !== act.delivery || act.until <= now) return;
  const id = `exception-${state.counters.exceptions + 1}`;
  emit({ type: 'ExceptionGranted', exception: { id, ...granted, serves: null, by, at: now } });
}

/** The time is over. Where the control is met by now nothing else happens; else what passed with it is held. */
export function expireException(
  draft: Draft,
  { id, control, place, delivery: n, serves }: PolicyException,
): void {
  const without = { ...draft.state, exceptions: draft.state.exceptions.filter((one) => one.id !== id) };
  const unmet = unmetAt(without, place, draft.now).some((reason) => controlOf(reason) === control);
  draft.emit({ type: 'ExceptionExpired', exception: id, unmet });
  if (!unmet) return;
  const { state } = draft;
  const effect = state.model.overdue?.exception ?? 'forward';
  const held = { effect, source: 'exception', about: id } as const;
  if (deliveryOf(state)?.n === n) {
    const gate = Object.values(state.gates).find(decidesDelivery);
    if (gate) giveBack(draft, gate, 'returned', `exception ${id} for ${control} expired`);
    if (candidateUnderWay(state)) machineHold(draft, { ...held, scope: 'candidate' });
  } else if (serves !== null && state.serving?.release.digest === serves) {
    machineHold(draft, { ...held, scope: 'serving' });
  }
}
