import type { Gate } from '../gates/gate.js';
import { isApproval } from '../gates/seats.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { closeGate, decidesDelivery, voidDecision } from './gate-closing.js';

/** Closes a gate without passing it, and takes its candidate back to where it can be mended. */
export function giveBack(
  draft: Draft,
  gate: Gate,
  outcome: 'returned' | 'expired' | 'withdrawn',
  why: string,
): void {
  const clauses = [...new Set(gate.decisions.flatMap((decision) => decision.clauses))];
  for (const { person } of gate.decisions.filter(isApproval)) voidDecision(draft, gate, person, why);
  closeGate(draft, gate, outcome);
  sendBack(draft, gate, { why, clauses, dropped: false });
}

/** Takes what an exit of a stage decides on back to the step where its cause is. */
export function sendBack(
  draft: Draft,
  gate: Gate,
  { why, clauses, dropped }: { why: string; clauses: readonly string[]; dropped: boolean },
): void {
  const delivery = deliveryOf(draft.state);
  if (!delivery || !decidesDelivery(gate)) return;
  const known = delivery.step === 'specification' ? {} : delivery.spec.spec.clauses;
  const ofSpec = gate.name === 'specification' || clauses.some((clause) => clause in known);
  const step = ofSpec ? 'specification' : 'implementation';
  const stage = draft.state.stage === 'live' ? 'live' : step;
  draft.emit({ type: 'DeliveryReturned', n: delivery.n, step, stage, dropped, why, clauses });
}
