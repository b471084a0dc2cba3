/** What follows from a gate: quorum, its confirmation by the directory, and each way it can end. */
import { filledSeats, isApproval, openSeats } from '../gates/seats.js';
import type { Gate } from '../gates/gate.js';
import type { GateOutcome, PersonId } from '../vocabulary.js';
import { approversOf, grantApproval } from './approval.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { moveTo } from './review.js';
import { scopingGateName } from './rules.js';
import { performAct } from './two-key.js';

function close(draft: Draft, gate: Gate, outcome: GateOutcome): void {
  const seats = new Map([...filledSeats(gate)].map(([seat, person]) => [person, seat]));
  const by = gate.decisions.map(({ person, decision }) => ({ person, decision, seat: seats.get(person) ?? '' }));
  draft.emit({ type: 'GateClosed', gate: gate.id, outcome, by });
}

/** A gate with all seats filled asks the directory before it passes. */
export function confirmIfComplete(draft: Draft, id: string): void {
  const gate = draft.state.gates[id];
  if (gate?.status !== 'open' || openSeats(gate).length > 0) return;
  draft.emit({ type: 'GateConfirming', gate: id });
}

/** The directory's answer: everybody still eligible passes the gate, else the seats are vacant again. */
export function confirmed(draft: Draft, gate: Gate, ineligible: readonly PersonId[]): void {
  if (ineligible.length === 0) return pass(draft, gate);
  for (const person of ineligible) voidDecision(draft, gate, person, 'no longer eligible');
  draft.emit({ type: 'GateReopened', gate: gate.id, why: `no longer eligible: ${ineligible.join(', ')}` });
}

function voidDecision(draft: Draft, gate: Gate, person: PersonId, why: string): void {
  const given = gate.decisions.find((decision) => decision.person === person);
  if (!given) return;
  const { id, generation, subject } = gate;
  const voided = { gate: id, generation, person, decision: given.decision, subject, why };
  draft.emit({ type: 'DecisionVoided', gate: id, voided });
}

function pass(draft: Draft, gate: Gate): void {
  const { state } = draft;
  close(draft, gate, 'passed');
  const by = approversOf(gate).map(({ person }) => person);
  switch (gate.name) {
    case 'scoping':
      // The gate of a tier that was raised later only clears the way; scoping itself is long over.
      if (state.stage === 'scoping') openLaunch(draft);
      return;
    case 'start':
      if (state.stage === 'scoping') {
        draft.emit({ type: 'DeliveryOpened', n: 1, step: 'implementation', stage: 'live', change: null });
      }
      return grantApproval(draft, gate);
    case 'specification':
      return moveTo(draft, 'implementation', null);
    case 'launch':
    case 'readiness':
    case 'change':
      return grantApproval(draft, gate);
    case 'promotion':
      return promote(draft, gate);
    case 'retirement':
      return draft.emit({ type: 'Retired', outcome: 'retired' });
    case 'two-key':
      return gate.act ? performAct(draft, gate.act, by) : undefined;
  }
}

/** The launch: delivery 1 begins at specification. */
export function openLaunch(draft: Draft): void {
  const n = draft.state.counters.deliveries + 1;
  draft.emit({ type: 'DeliveryOpened', n, step: 'specification', stage: 'specification', change: null });
}

/** A pilot comes under the governed rules and goes back to specification; meanwhile it serves within its caps. */
function promote(draft: Draft, gate: Gate): void {
  draft.emit({ type: 'PromotedToGoverned', subject: gate.subject });
  openLaunch(draft);
}

/** Closes a gate without passing it, and takes its candidate back to where it can be mended. */
export function returnGate(draft: Draft, gate: Gate, outcome: 'returned' | 'expired' | 'withdrawn', why: string): void {
  const clauses = [...new Set(gate.decisions.flatMap((decision) => decision.clauses))];
  for (const { person } of gate.decisions.filter(isApproval)) voidDecision(draft, gate, person, why);
  close(draft, gate, outcome);
  sendBack(draft, gate, { why, clauses, dropped: false });
}

/** Ends the candidate: a rejected use case is over, a rejected spec, release or change is dropped. */
export function rejectGate(draft: Draft, gate: Gate): void {
  close(draft, gate, 'rejected');
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (gate.name === scopingGateName(state) && state.stage === 'scoping') {
    return draft.emit({ type: 'Retired', outcome: 'rejected' });
  }
  if (state.stage === 'live' && delivery && decidesDelivery(gate)) {
    return draft.emit({ type: 'DeliveryClosed', n: delivery.n, stage: 'live', outcome: 'rejected' });
  }
  sendBack(draft, gate, { why: 'rejected', clauses: [], dropped: true });
}

function decidesDelivery({ name }: Gate): boolean {
  return name === 'specification' || name === 'launch' || name === 'readiness' || name === 'change' || name === 'start';
}

function sendBack(
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
