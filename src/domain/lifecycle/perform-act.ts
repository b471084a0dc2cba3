/**
 * What happens once all keys of an act have turned. Between the keys things may have moved on: an act that no
 * longer fits does nothing, and its keys are turned again for what is so now.
 */
import type { TwoKeyAct } from '../gates/two-key-act.js';
import { moveToModel, refuseMove } from '../migration/migrate.js';
import { type PersonId, TIERS } from '../vocabulary.js';
import { assess } from './assessment.js';
import { breakGlass } from './break-glass.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { grant } from './exceptions.js';
import { liftHold, refuseUnliftable } from './holds.js';
import { rulesOf } from './rules.js';
import type { Approver } from './state.js';

type Act<T extends TwoKeyAct['type']> = Extract<TwoKeyAct, { type: T }>;

/** Does the act, in the name of those who turned its keys; `turned`: with what and for whom each of them spoke. */
export function performAct(
  draft: Draft,
  act: TwoKeyAct,
  by: readonly PersonId[],
  turned: readonly Approver[] = [],
): void {
  switch (act.type) {
    case 'lift-hold':
      lift(draft, act, by);
      return;
    case 'lower-tier':
      lowerTier(draft, act);
      return;
    case 'correct-facts':
      assess(draft, act.facts);
      return;
    case 'accept-migration':
      if (!refuseMove(draft.state, act.model)) moveToModel(draft, { model: act.model, why: 'migration' });
      return;
    case 'lower-materiality':
      lowerMateriality(draft, act);
      return;
    case 'break-glass':
      breakGlass(draft, act, by, turned);
      return;
    case 'grant-exception':
      grant(draft, act, by);
      return;
    case 'extend-pilot':
      extend(draft, act, by);
      return;
  }
}

function lift(draft: Draft, act: Act<'lift-hold'>, by: readonly PersonId[]): void {
  const hold = draft.state.holds.find(({ id }) => id === act.hold);
  if (!hold || refuseUnliftable(draft.state, hold)) return;
  liftHold(draft, { hold, by, causeClass: act.causeClass, rootCause: act.rootCause });
}

function lowerTier({ state, now, emit }: Draft, { tier }: Act<'lower-tier'>): void {
  const { computed } = state.tier;
  if (computed === 'prohibited' || TIERS.indexOf(tier) >= TIERS.indexOf(computed)) return;
  const until = now + state.model.twoKey.loweredTierExpires;
  emit({ type: 'TierLowered', tier: { ...state.tier, lowered: { tier, until } } });
}

function lowerMateriality({ state, emit }: Draft, { change, materiality }: Act<'lower-materiality'>): void {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'implementation' || delivery.change?.id !== change) return;
  emit({ type: 'MaterialityChanged', change, materiality });
}

function extend(draft: Draft, { endsAt, reason }: Act<'extend-pilot'>, by: readonly PersonId[]): void {
  const { pilot, mode } = draft.state;
  const times = rulesOf(draft.state)?.extension?.times ?? 0;
  if (mode !== 'pilot' || !pilot || pilot.extensions >= times || endsAt <= draft.now) return;
  draft.emit({ type: 'PilotExtended', endsAt, reason });
  for (const hold of draft.state.holds.filter(({ source }) => source === 'box')) {
    liftHold(draft, { hold, by, causeClass: null, rootCause: null });
  }
}
