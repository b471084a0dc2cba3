import { computeTier } from '../governance/tier.js';
import type { Facts } from '../governance/facts.js';
import { candidateUnderWay, rollBackCandidate } from '../release/rollback.js';
import { TIERS, type Tier } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { liftHold, machineHold } from './holds.js';
import { openScopingGate } from './review.js';
import { effectiveTier, rulesFor } from './rules.js';
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
  applyTier(draft, before);
}

/** What follows where the effective tier has become another than `before`. */
export function applyTier(draft: Draft, before: Tier): void {
  const tier = effectiveTier(draft.state.tier);
  for (const hold of draft.state.holds.filter(({ source }) => source === 'tier')) {
    liftHold(draft, { hold, by: [], causeClass: null, rootCause: null });
  }
  if (tier === 'prohibited') return machineHold(draft, { effect: 'stopped', scope: 'serving', source: 'tier' });
  const { holdFor } = computeTier(draft.state.model, draft.state.facts);
  if (holdFor) {
    const lift = { keys: [{ function: holdFor }], rootCause: false };
    machineHold(draft, { effect: 'forward', scope: 'serving', source: 'tier', lift });
  }
  if (TIERS.indexOf(tier) > TIERS.indexOf(before)) reopen(draft, before, tier);
}

/** The delivery under way goes back to where the higher tier's gates begin; what is open is superseded. */
function reopen(draft: Draft, before: Tier, tier: Tier): void {
  const { state } = draft;
  for (const { id, act } of Object.values(state.gates)) {
    if (act === null) draft.emit({ type: 'GateClosed', gate: id, outcome: 'superseded', by: [] });
  }
  const delivery = deliveryOf(state);
  if (delivery === null) return keepServingUnderReview(draft);
  if (candidateUnderWay(state) && delivery.step === 'release') {
    rollBackCandidate(draft, { source: 'tier', reason: null, by: null, verified: true, why: `tier raised to ${tier}` });
  }
  const stage = state.stage === 'live' ? 'live' : 'specification';
  draft.emit({ type: 'DeliveryReturned', n: delivery.n, step: 'specification', stage, dropped: false, why: `tier raised to ${tier}`, clauses: [] });
  const wasListed = rulesFor(state.model, state.mode, before)?.gates.scoping;
  if (!wasListed && rulesFor(state.model, state.mode, tier)?.gates.scoping) openScopingGate(draft, state.startedBy);
}

/** A live system is not stopped by a stricter tier, but nothing moves forward until people have looked. */
function keepServingUnderReview(draft: Draft): void {
  if (draft.state.stage === 'live') machineHold(draft, { effect: 'forward', scope: 'serving', source: 'tier' });
}
