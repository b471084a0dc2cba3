import type { Gate } from '../gates/gate.js';
import { seating } from '../gates/seats.js';
import type { Instant } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { rulesOf } from './rules.js';
import type { Approval, Approver, State } from './state.js';

/** Who fills the gate's seats, each with what they speak for, and for whom. */
export function approversOf(gate: Gate): Approver[] {
  const seated = seating(gate);
  return gate.seats.flatMap(({ id, authority }): Approver[] => {
    const { person, mandate } = seated.get(id) ?? { person: undefined, mandate: null };
    if (person === undefined) return [];
    if (mandate === null) return [{ person, authority }];
    const { from, delegation } = mandate;
    return [{ person, authority, mandate: { from, delegation } }];
  });
}

/** How approvers are told apart where the directory is asked about them: `lata`, or `lata for gita`. */
export function askedAbout(approvers: readonly Approver[]): string[] {
  return approvers.map(({ person, mandate }) => (mandate ? `${person} for ${mandate.from}` : person));
}

/** Whose approval the exposure wanted now stands on: the candidate's, else that of what takes over until it is shown. */
export function answeringFor(
  state: State,
): { readonly what: 'candidate' | 'serving'; readonly approval: Approval } | null {
  const { candidate, serving } = state.exposure.wanted;
  const delivery = deliveryOf(state);
  if (candidate && delivery?.step === 'release') return { what: 'candidate', approval: delivery.approval };
  return serving && state.serving?.takingOver ? { what: 'serving', approval: state.serving.approval } : null;
}

/**
 * A passed exit of review lets the release go: the rollout plan of the tier is resolved and pinned. Where glass was
 * broken instead, others answer for it, and it lapses with the glass unless the rollout has begun.
 */
export function grantApproval(
  draft: Draft,
  gate: Gate,
  { approvers, until }: { approvers: readonly Approver[]; until: Instant | null } = {
    approvers: approversOf(gate),
    until: null,
  },
): void {
  const { state, now } = draft;
  const rules = rulesOf(state);
  const delivery = deliveryOf(state);
  if (!rules || !delivery) return;
  const approval: Approval = {
    gate: gate.name,
    subject: gate.subject,
    approvers,
    at: now,
    startBy: Math.min(now + rules.approval.startBy, until ?? Number.POSITIVE_INFINITY),
    serveUntil: null,
  };
  const stage = state.stage === 'live' ? 'live' : 'release';
  draft.emit({ type: 'ApprovalGranted', n: delivery.n, stage, approval, steps: rules.rollout.steps });
}
