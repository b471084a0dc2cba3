/** A spec that was drafted for other rules: what it lacks is said by whoever compiles it, so it is drafted anew. */

import { couldHold } from '../governance/possible-facts.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import { supersedeGate } from '../lifecycle/gate-closing.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { TierRules } from '../policy.js';
import type { CompiledSpec } from '../spec/spec.js';

/** What the rules ask of a spec beside its places, in one line that compares. */
function asked({ model, facts }: State, rules: TierRules): string {
  const { specification, launch, readiness } = rules.gates;
  const seats = [specification, launch, readiness].flatMap((gate) => gate?.seats ?? []);
  const functions = seats.flatMap((seat) => ('function' in seat ? [seat.function] : []));
  const { peopleJudged, ownModel } = model.specConditions;
  return [
    ...[...new Set(functions)].sort(),
    couldHold(peopleJudged, facts, model.facts),
    couldHold(ownModel, facts, model.facts),
    rules.evidence.length > 0,
  ].join();
}

/** Whether a spec asks for something before a gate or step that there is not. */
function misplaced({ evidence, checkpoints }: CompiledSpec, { gates, rollout }: TierRules): boolean {
  const steps: readonly string[] = rollout.steps.map(({ kind }) => kind);
  return (
    evidence.some(({ before }) => !(before in gates) && !steps.includes(before)) ||
    checkpoints.some(({ before }) => !(before in gates))
  );
}

/** Sends a draft, or a spec that is being decided, back to be drafted for what the new model asks of it. */
export function redraft(draft: Draft, before: State, why: string): void {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'specification') return;
  const spec = (delivery.submitted ?? delivery.draft)?.spec;
  const [was, is] = [rulesOf(before), rulesOf(state)];
  if (!spec || !was || !is) return;
  const fits = asked(before, was) === asked(state, is) && (misplaced(spec, was) || !misplaced(spec, is));
  if (fits) return;
  const gate = state.gates.specification;
  if (gate) supersedeGate(draft, gate, why);
  const stage = state.stage === 'live' ? 'live' : 'specification';
  const { n } = delivery;
  draft.emit({ type: 'DeliveryReturned', n, step: 'specification', stage, dropped: true, why, clauses: [] });
}
