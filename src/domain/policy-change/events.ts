/** What can happen to a proposal, as the ledger's service chain has it: ids, digests and small values. */
import type { Digest } from '../digest.js';
import type { Decision } from '../gates/gate.js';
import type { Approver, Notice } from '../lifecycle/state.js';
import type { DecisionKind, GateOutcome, Instant, PersonId } from '../vocabulary.js';
import type { DryRun, PolicyApproval, PolicyGate, ProposalInput } from './proposal.js';

type Events = {
  OperatingModelProposed: Pick<ProposalInput, 'name' | 'version' | 'replaces' | 'editors' | 'reason'> & {
    document: Digest;
    proposer: PersonId;
  };
  PolicyDryRunAttached: { dryRun: DryRun };
  PolicyGateOpened: { gate: PolicyGate; reaffirm: readonly PersonId[] };
  PolicyDecisionRecorded: { decision: Decision };
  PolicyDecisionRetracted: { person: PersonId };
  PolicyDecisionVoided: { person: PersonId; decision: DecisionKind; generation: number; why: string };
  PolicyReminderSent: { share: number; due: Instant };
  PolicyEscalated: { step: string; to: readonly PersonId[]; due: Instant };
  PolicyGateConfirming: Record<never, never>;
  PolicyGateReopened: { why: string };
  PolicyGateClosed: {
    outcome: GateOutcome;
    by: readonly { person: PersonId; decision: DecisionKind }[];
    reason: Digest | null;
  };
  PolicyApproved: { approval: PolicyApproval };
  PolicyPublishing: Record<never, never>;
  /** From here on it is what new lifecycles and new deliveries begin under. */
  OperatingModelPublished: Pick<ProposalInput, 'name' | 'version' | 'digest' | 'replaces' | 'editors'> & {
    document: Digest;
    approvers: readonly Approver[];
    /** What they approved: the digest of the model's and of these effects'. */
    subject: Digest;
    effects: Digest;
  };
  PolicyLapsed: { why: string };
  PolicyNoticeRaised: { notice: Notice };
  PolicyNoticesDelivered: { ids: readonly string[] };
};

export type PolicyEventType = keyof Events;
export type PolicyEventOf<T extends PolicyEventType> = { readonly type: T } & {
  readonly [K in keyof Events[T]]: Events[T][K];
};
export type PolicyEvent = { [T in PolicyEventType]: PolicyEventOf<T> }[PolicyEventType];
