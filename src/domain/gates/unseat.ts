/** When somebody's answer, or the end of a delegation, takes away what another person's approval stood on. */
import type { Draft } from '../lifecycle/draft.js';
import { voidDecision } from '../lifecycle/gate-closing.js';
import { isApproval, openSeats, speaksAt } from './seats.js';

/** Takes a quorum back that is being confirmed: it is asked about anew once it is there again. */
export function unseat(draft: Draft, id: string, why: string): void {
  if (draft.state.gates[id]?.status === 'confirming') draft.emit({ type: 'GateReopened', gate: id, why });
}

/** Voids approvals by delegates that speak for no seat any more; the seats are vacant again. */
export function voidSilenced(draft: Draft, id: string, why: string): void {
  const gate = draft.state.gates[id];
  if (!gate) return;
  for (const given of gate.decisions) {
    if (isApproval(given) && !speaksAt(gate, given)) voidDecision(draft, gate, given.person, why);
  }
  const left = draft.state.gates[id];
  if (left && openSeats(left).length > 0) unseat(draft, id, why);
}
