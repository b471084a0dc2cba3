import type { Digest } from '../digest.js';
import { filledSeats } from '../gates/seats.js';
import type { DecisionKind, Instant, PersonId } from '../vocabulary.js';
import { seatPeople } from './gate.js';
import type { DryRun, Proposal } from './proposal.js';

/** A proposal as the surfaces show it. */
export interface ProposalView {
  readonly name: string;
  readonly version: number;
  readonly digest: Digest;
  readonly replaces: { readonly version: number; readonly digest: Digest } | null;
  readonly status: Proposal['status'];
  readonly proposer: PersonId;
  readonly editors: readonly PersonId[];
  readonly reason: Digest;
  readonly proposedAt: Instant;
  readonly dryRun: DryRun | null;
  readonly gate: {
    readonly generation: number;
    readonly subject: Digest;
    readonly status: 'open' | 'confirming';
    readonly due: Instant;
    readonly seats: readonly { readonly seat: string; readonly filledBy: PersonId | null }[];
    readonly decisions: readonly { readonly person: PersonId; readonly decision: DecisionKind }[];
    readonly reaffirm: readonly PersonId[];
    /** Who could fill what is still open. */
    readonly waitingOn: readonly PersonId[];
  } | null;
  readonly approvedBy: readonly PersonId[];
  /** Until when it has to be published, once it is approved. */
  readonly publishBy: Instant | null;
}

export function proposalView(state: Proposal): ProposalView {
  const { name, version, digest, replaces, status, proposer, editors, reason, proposedAt, dryRun } = state;
  const { gate, approval } = state;
  const filled = gate ? filledSeats(gate) : new Map<string, PersonId>();
  return {
    name,
    version,
    digest,
    replaces,
    status,
    proposer,
    editors,
    reason,
    proposedAt,
    dryRun,
    gate: gate && {
      generation: gate.generation,
      subject: gate.subject,
      status: gate.status,
      due: gate.clock.due,
      seats: gate.seats.map(({ id }) => ({ seat: id, filledBy: filled.get(id) ?? null })),
      decisions: gate.decisions.map(({ person, decision }) => ({ person, decision })),
      reaffirm: state.reaffirm.filter((person) => !gate.decisions.some((given) => given.person === person)),
      waitingOn: seatPeople(state),
    },
    approvedBy: approval?.approvers.map(({ person }) => person) ?? [],
    publishBy: approval?.publishBy ?? null,
  };
}
