/** One version of an operating model on its way to being published: plain JSON, carried by a workflow of its own. */
import type { CompiledCalendar } from '../calendar/calendar.js';
import type { Digest } from '../digest.js';
import type { Decision, GateClock, Seat } from '../gates/gate.js';
import type { Approver, Notice, Rights, Team } from '../lifecycle/state.js';
import type { PolicyChangeRules } from '../policy.js';
import type { Instant, PersonId } from '../vocabulary.js';

/** A dry run against every open lifecycle, by what was found. */
export interface DryRun {
  /** The report, as it is stored. */
  readonly report: Digest;
  /** What it lists, without its words and dates: running it again on the same changes nothing. */
  readonly effects: Digest;
  readonly lifecycles: number;
  readonly affected: number;
  /** Lifecycles that could not be looked at. */
  readonly unseen: number;
  readonly by: PersonId;
}

export interface PolicyGate {
  readonly generation: number;
  readonly subject: Digest;
  readonly parts: { readonly model: Digest; readonly effects: Digest };
  readonly seats: readonly Seat[];
  readonly clock: GateClock;
  readonly decisions: readonly Decision[];
  /** Whoever proposed it and whoever edits it, or what it replaces. */
  readonly excluded: readonly PersonId[];
  /** `confirming`: quorum is reached and the directory is being asked. */
  readonly status: 'open' | 'confirming';
}

export interface PolicyApproval {
  readonly subject: Digest;
  readonly approvers: readonly Approver[];
  readonly at: Instant;
  readonly publishBy: Instant;
}

/** How a proposal can end. Its version is spent, whatever became of it. */
export type ProposalEnd = 'published' | 'returned' | 'rejected' | 'withdrawn' | 'lapsed';

/** What is proposed, by whom, and who decides on it. */
export interface ProposalInput {
  readonly name: string;
  readonly version: number;
  /** Of the written form, with its editors in it. */
  readonly digest: Digest;
  readonly replaces: { readonly version: number; readonly digest: Digest } | null;
  readonly proposer: PersonId;
  readonly editors: readonly PersonId[];
  readonly reason: Digest;
  /** The people who decide on operating models, as the directory had them. */
  readonly office: Team;
  readonly rights: Rights;
  readonly rules: PolicyChangeRules;
  readonly calendar: CompiledCalendar;
}

export interface Proposal extends ProposalInput {
  readonly proposedAt: Instant;
  /** `publishing`: the directory is asked about the approvers once more, in the moment of the effect. */
  readonly status: 'proposed' | 'deciding' | 'approved' | 'publishing' | ProposalEnd;
  readonly dryRun: DryRun | null;
  readonly gate: PolicyGate | null;
  /** Number of the last opening of the gate. */
  readonly generation: number;
  /** Whose approval of the opening before was voided: they are asked to affirm it again. */
  readonly reaffirm: readonly PersonId[];
  readonly approval: PolicyApproval | null;
  readonly notices: readonly Notice[];
  /** Number of the last event, and of the last notice. */
  readonly seq: number;
  readonly noticed: number;
}

export function isOver({ status }: Pick<Proposal, 'status'>): boolean {
  switch (status) {
    case 'proposed':
    case 'deciding':
    case 'approved':
    case 'publishing':
      return false;
    case 'published':
    case 'returned':
    case 'rejected':
    case 'withdrawn':
    case 'lapsed':
      return true;
  }
}
