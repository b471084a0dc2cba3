/** How a gate is closed, whatever it is closed for: decisions are voided one by one, seats are named. */
import type { Gate } from '../gates/gate.js';
import { seating } from '../gates/seats.js';
import type { GateOutcome, PersonId } from '../vocabulary.js';
import type { Draft } from './draft.js';

/** Closes a gate, with who decided what in which seat. */
export function closeGate(draft: Draft, gate: Gate, outcome: GateOutcome): void {
  const seats = new Map([...seating(gate)].map(([seat, { person, mandate }]) => [person, { seat, mandate }]));
  const by = gate.decisions.map(({ person, decision }) => {
    const { seat, mandate } = seats.get(person) ?? { seat: '', mandate: null };
    return { person, decision, seat, ...(mandate ? { for: mandate.from } : {}) };
  });
  draft.emit({ type: 'GateClosed', gate: gate.id, outcome, by });
}

/** Voids one person's decision at a gate; nothing where they gave none. */
export function voidDecision(draft: Draft, gate: Gate, person: PersonId, why: string): void {
  const given = gate.decisions.find((decision) => decision.person === person);
  if (!given) return;
  const { id, generation, subject } = gate;
  const voided = { gate: id, generation, person, decision: given.decision, subject, why };
  draft.emit({ type: 'DecisionVoided', gate: id, voided });
}

/** Closes a gate whose subject is no longer what was decided on: everything decided there is void. */
export function supersedeGate(draft: Draft, gate: Gate, why: string): void {
  for (const { person } of gate.decisions) voidDecision(draft, gate, person, why);
  draft.emit({ type: 'GateClosed', gate: gate.id, outcome: 'superseded', by: [] });
}

/** The exits of stages: they decide on the use case or on its delivery, and go where these go. */
export function decidesDelivery({ name }: Pick<Gate, 'name'>): boolean {
  switch (name) {
    case 'specification':
    case 'launch':
    case 'readiness':
    case 'change':
    case 'start':
      return true;
    case 'scoping':
    case 'promotion':
    case 'retirement':
    case 'two-key':
    case 'conflict':
    case 'retrospective':
      return false;
  }
}

/** Closes the gates on the open delivery; what decides on the use case itself has a life of its own. */
export function closeDeliveryGates(draft: Draft, outcome: 'superseded' | 'withdrawn'): void {
  for (const gate of Object.values(draft.state.gates)) {
    if (decidesDelivery(gate)) closeGate(draft, gate, outcome);
  }
}

/** The end of the lifecycle: whatever is still being decided is withdrawn. */
export function end(draft: Draft, outcome: 'retired' | 'rejected' | 'cancelled'): void {
  for (const gate of Object.values(draft.state.gates)) closeGate(draft, gate, 'withdrawn');
  draft.emit({ type: 'Retired', outcome });
}
