import { authorityName } from '../gates/authority.js';
import type { Facts } from '../governance/facts.js';
import { computeTier } from '../governance/tier.js';
import type { LiftRule } from '../policy.js';
import { candidateUnderWay, rollBackCandidate } from '../release/rollback.js';
import { TIERS, type Tier } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { decidesDelivery, supersedeGate } from './gate-closing.js';
import { isProhibition, liftHold, machineHold, ordinaryLift } from './holds.js';
import { reopenOnFacts } from './reopen.js';
import { openScopingGate } from './review.js';
import { effectiveTier, rulesOf, scopingGateName, scopingOwed } from './rules.js';
import type { State, TierAssessment } from './state.js';

/** The tier of these facts under the pinned model. New facts end a lowering: it was of other facts. */
export function assessment(state: Pick<State, 'model'>, facts: Facts): TierAssessment {
  const { tier, rule } = computeTier(state.model, facts);
  return { computed: tier, rule, lowered: null };
}

/** Records new facts; a higher tier re-opens what it newly requires, a prohibited one stops everything. */
export function assess(draft: Draft, facts: Facts): void {
  const before = effectiveTier(draft.state.tier);
  draft.emit({ type: 'RiskAssessed', facts, tier: assessment(draft.state, facts) });
  for (const gate of Object.values(draft.state.gates)) {
    const answersOldFacts = gate.act?.type === 'lower-tier' || gate.act?.type === 'correct-facts';
    if (answersOldFacts) supersedeGate(draft, gate, 'the facts changed');
  }
  applyTier(draft, before);
  reopenOnFacts(draft);
}

/** What follows where the effective tier has become another than `before`. */
export function applyTier(draft: Draft, before: Tier): void {
  const { state } = draft;
  const tier = effectiveTier(state.tier);
  const prohibitions = state.holds.filter(isProhibition);
  if (tier === 'prohibited') {
    if (prohibitions.length > 0) return;
    takeBack(draft, 'the facts are prohibited');
    machineHold(draft, { effect: 'stopped', scope: 'serving', source: 'tier' });
    return;
  }
  for (const hold of prohibitions) liftHold(draft, { hold, by: [], causeClass: null, rootCause: null });
  holdForRule(draft);
  const rises = TIERS.indexOf(tier) > TIERS.indexOf(before);
  if (rises) takeBack(draft, `tier raised to ${tier}`);
  // What was prohibited may come back under any tier, so it is looked at like a raised one.
  if (!rises && before !== 'prohibited') return;
  if (scopingOwed(draft.state)) openScopingGate(draft, state.startedBy);
  keepServingUnderReview(draft);
}

/** The hold that a tier rule brings with it stays until it is lifted, whatever is answered meanwhile. */
function holdForRule(draft: Draft): void {
  const { model, facts } = draft.state;
  const { holdFor } = computeTier(model, facts);
  if (!holdFor) return;
  const lift: LiftRule = { keys: [{ function: holdFor }], rootCause: false };
  if (!heldForTier(draft.state, lift.keys)) {
    machineHold(draft, { effect: 'forward', scope: 'serving', source: 'tier', lift });
  }
}

function heldForTier({ holds }: State, keys: LiftRule['keys']): boolean {
  const names = keys.map(authorityName).join();
  return holds.some(({ source, scope, lift }) => {
    return source === 'tier' && scope === 'serving' && lift.keys.map(authorityName).join() === names;
  });
}

/** The delivery under way goes back to where the higher tier's gates begin; what is open is superseded. */
function takeBack(draft: Draft, why: string): void {
  const { state } = draft;
  for (const gate of Object.values(state.gates)) {
    if (gate.name === 'scoping' || decidesDelivery(gate)) supersedeGate(draft, gate, why);
  }
  const exit = state.gates[scopingGateName(state)];
  if (exit && state.stage === 'scoping' && rulesOf(state)) openScopingGate(draft, exit.openedBy);
  const delivery = deliveryOf(state);
  if (!delivery) return;
  if (candidateUnderWay(state)) {
    rollBackCandidate(draft, { source: 'tier', reason: null, by: null, verified: true, why });
  }
  draft.emit({
    type: 'DeliveryReturned',
    n: delivery.n,
    step: 'specification',
    stage: state.stage === 'live' ? 'live' : 'specification',
    // What a draft lacks was said for the tier it was written under.
    dropped: true,
    why,
    clauses: [],
  });
}

/** A live system is not stopped by a stricter tier, but nothing moves forward until people have looked. */
function keepServingUnderReview(draft: Draft): void {
  const { state } = draft;
  if (state.stage !== 'live' || deliveryOf(state) !== null) return;
  const { keys } = ordinaryLift(state);
  if (!heldForTier(state, keys)) {
    machineHold(draft, { effect: 'forward', scope: 'serving', source: 'tier' });
  }
}
