/** An open gate as the state carries it. A closed one leaves for the ledger. */
import type { Digest } from '../digest.js';
import type { Authority, ChainStep, GateRule } from '../policy.js';
import type { BusinessFunction, DecisionKind, GateName, Instant, PersonId, Right } from '../vocabulary.js';
import type { Mandate } from './mandate.js';
import type { TwoKeyAct } from './two-key-act.js';

export interface Seat {
  /** `risk`, or `risk-2` for the second of the same authority. */
  readonly id: string;
  readonly authority: Authority;
}

/** Everything an approver signs: each part by digest, all of them together as `Gate.subject`. */
export interface SubjectParts {
  readonly brief?: Digest;
  readonly facts?: Digest;
  readonly spec?: Digest;
  readonly release?: Digest;
  readonly evidence?: readonly Digest[];
  readonly act?: Digest;
  /** Exceptions under which it was asked for, by id. */
  readonly exceptions?: readonly string[];
}

export interface Decision {
  readonly person: PersonId;
  /** What made the person eligible when deciding. */
  readonly functions: readonly BusinessFunction[];
  readonly rights: readonly Right[];
  /** For whom the person could speak besides; the matching says for whom they do. Absent: for nobody else. */
  readonly mandates?: readonly Mandate[];
  /** The seat asked for; null: left to matching. */
  readonly seat: string | null;
  readonly decision: DecisionKind;
  readonly at: Instant;
  readonly late: boolean;
  readonly verified: boolean;
  readonly comment: Digest | null;
  readonly clauses: readonly string[];
}

export interface VoidedDecision {
  readonly gate: string;
  readonly generation: number;
  readonly person: PersonId;
  readonly decision: DecisionKind;
  readonly subject: Digest;
  readonly why: string;
}

/** Where a deadline comes from, kept with it so that a changed calendar moves it visibly. */
export interface CalendarRef {
  readonly id: string;
  readonly version: string;
  readonly zone: string;
}

export interface GateClock {
  readonly calendar: CalendarRef;
  readonly startedAt: Instant;
  readonly due: Instant;
  /** Instants of the reminders not sent yet, ascending. */
  readonly reminders: readonly Instant[];
  /** The escalation steps not taken yet, resolved when the gate opened: a step with nobody to ask is not among them. */
  readonly steps: readonly { readonly at: Instant; readonly step: ChainStep }[];
  readonly timeout: Instant;
  /** Runs by the clock on the wall, in no calendar's working time. */
  readonly elapsed?: true;
  /** Set while a hold stops the clock. */
  readonly pausedAt: Instant | null;
}

/**
 * Whether holds stop a gate. Two-key acts and conflicts end holds themselves, a retirement only ever takes away,
 * and a retrospective waits for nobody.
 */
export function heedsHolds({ name, act }: Pick<Gate, 'name' | 'act'>): boolean {
  return act === null && name !== 'retirement' && name !== 'conflict' && name !== 'retrospective';
}

export interface Gate {
  readonly id: string;
  readonly name: GateName;
  readonly generation: number;
  readonly subject: Digest;
  readonly parts: SubjectParts;
  readonly seats: readonly Seat[];
  readonly rule: GateRule;
  readonly openedBy: PersonId;
  readonly clock: GateClock;
  /** `confirming`: quorum is reached and the directory is being asked. `held`: timed out into a hold. */
  readonly status: 'open' | 'confirming' | 'held';
  readonly decisions: readonly Decision[];
  /** Authors and submitters of the subject, producers of its evidence, editors of the policy. */
  readonly excluded: readonly PersonId[];
  readonly act: TwoKeyAct | null;
}
