import type { Gate } from '../gates/gate.js';
import { filledSeats } from '../gates/seats.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { rulesOf } from './rules.js';
import type { Approval, Approver } from './state.js';

/** Who fills the gate's seats, each with what they speak for. */
export function approversOf(gate: Gate): Approver[] {
  const filled = filledSeats(gate);
  return gate.seats.flatMap(({ id, authority }) => {
    const person = filled.get(id);
    return person === undefined ? [] : [{ person, authority }];
  });
}

/** A passed exit of review lets the release go: the rollout plan of the tier is resolved and pinned. */
export function grantApproval(draft: Draft, gate: Gate): void {
  const { state, now } = draft;
  const rules = rulesOf(state);
  const delivery = deliveryOf(state);
  if (!rules || !delivery) return;
  const approval: Approval = {
    gate: gate.name,
    subject: gate.subject,
    approvers: approversOf(gate),
    at: now,
    startBy: now + rules.approval.startBy,
    serveUntil: null,
  };
  const stage = state.stage === 'live' ? 'live' : 'release';
  draft.emit({ type: 'ApprovalGranted', n: delivery.n, stage, approval, steps: rules.rollout.steps });
}
