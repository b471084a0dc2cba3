/** What the query `lifecycle` answers and the API shows: the state in the words of the surfaces. */
import type { CommandName } from '../commands/payloads.js';
import type { Digest } from '../digest.js';
import type { Facts } from '../governance/facts.js';
import type { Capacity } from '../governance/finding.js';
import type { Reason } from '../rejection.js';
import type { Allocation } from '../release/allocation.js';
import type { RolloutPhase } from '../release/rollout.js';
import type {
  DecisionKind,
  FindingKind,
  HoldEffect,
  Instant,
  Mode,
  PersonId,
  Right,
  Stage,
  Tier,
} from '../vocabulary.js';

/** One thing the lifecycle waits for: a named seat, a person, an activity or a deadline. */
export interface Waiting {
  readonly kind: 'seat' | 'right' | 'activity' | 'deadline';
  /** Seat, right or machine, in the form shown as `AwWaitingOn`: `readiness:risk`, `right:technicalOwner`. */
  readonly who: string;
  /** People who can act now; empty for a machine. */
  readonly people: readonly PersonId[];
  /** A sentence: what is awaited. */
  readonly what: string;
  readonly gate: string | null;
  readonly due: Instant | null;
}

export interface GateView {
  readonly gate: string;
  readonly generation: number;
  readonly subject: Digest;
  readonly status: 'open' | 'confirming' | 'held';
  readonly due: Instant;
  readonly dueLocal: string;
  readonly paused: boolean;
  /** `for`: in whose name, where it is not their own. */
  readonly seats: readonly {
    readonly seat: string;
    readonly filledBy: PersonId | null;
    readonly for: PersonId | null;
  }[];
  readonly decisions: readonly {
    readonly person: PersonId;
    readonly decision: DecisionKind;
    readonly late: boolean;
  }[];
  readonly reaffirm: readonly PersonId[];
}

export interface LifecycleView {
  readonly key: string;
  readonly title: string;
  readonly stage: Stage;
  readonly mode: Mode;
  /** Answers to the risk facts, by fact id. */
  readonly facts: Facts;
  readonly tier: { readonly effective: Tier; readonly computed: Tier; readonly rule: string };
  readonly team: string;
  readonly model: { readonly name: string; readonly version: number; readonly digest: Digest };
  /** Sequence number of the last event: the ETag. */
  readonly version: number;
  readonly rights: { readonly [R in Right]?: PersonId | readonly PersonId[] };
  readonly offers: { readonly [R in Right]?: PersonId };
  /** Rights that somebody held and nobody does now. */
  readonly handovers: readonly {
    readonly right: Right;
    readonly from: PersonId;
    readonly why: 'left' | 'lapsed';
    readonly since: Instant;
    readonly due: Instant | null;
  }[];
  /** Who decides for whom, now (`began`) or later. */
  readonly delegations: readonly {
    readonly delegation: string;
    readonly from: PersonId;
    readonly to: readonly PersonId[];
    readonly authorities: readonly string[];
    readonly gates: readonly string[];
    readonly starts: Instant;
    readonly ends: Instant;
    readonly absence: boolean;
    readonly began: boolean;
  }[];
  readonly delivery: {
    readonly n: number;
    readonly step: string;
    readonly change: { readonly id: string; readonly kind: string; readonly materiality: string } | null;
    readonly spec: { readonly version: number; readonly digest: Digest } | null;
    readonly release: { readonly label: string; readonly digest: Digest } | null;
    readonly evidence: readonly { readonly kind: string; readonly digest: Digest; readonly met: boolean }[];
    readonly missing: readonly Reason[];
  } | null;
  readonly gates: readonly GateView[];
  readonly holds: readonly {
    readonly hold: string;
    readonly effect: HoldEffect;
    readonly scope: string;
    readonly source: string;
    readonly by: PersonId | null;
    readonly at: Instant;
    readonly verified: boolean;
    readonly keys: readonly string[];
  }[];
  /** What went past the system and is not ratified. */
  readonly findings: readonly {
    readonly finding: string;
    readonly kind: FindingKind;
    /** The gate it freezes; null: every gate. */
    readonly gate: string | null;
    readonly detail: string;
    readonly at: Instant;
    readonly ratifiedBy: readonly PersonId[];
    /** Who still has to ratify it. */
    readonly missing: readonly Capacity[];
  }[];
  readonly legalHold: { readonly by: PersonId; readonly since: Instant } | null;
  readonly conditions: readonly {
    readonly condition: string;
    readonly owner: PersonId;
    readonly due: Instant;
    readonly beforeRelease: boolean;
    /** It was not met by its due date. */
    readonly overdue: boolean;
  }[];
  /** Speed against control, undecided yet. */
  readonly conflicts: readonly {
    readonly conflict: string;
    /** What it is about; null: everything that moves forward. */
    readonly gate: string | null;
    readonly by: PersonId;
    readonly at: Instant;
    readonly due: Instant | null;
  }[];
  /** Unmet controls that two people let pass for a time. */
  readonly exceptions: readonly {
    readonly exception: string;
    readonly control: string;
    readonly place: string;
    readonly by: readonly PersonId[];
    readonly until: Instant;
  }[];
  /** Broken glass: what it passes, until when, and whether it has been reviewed. */
  readonly glass: readonly {
    readonly glass: string;
    readonly passes: 'approval' | 'freeze';
    readonly what: string;
    readonly by: readonly PersonId[];
    readonly until: Instant;
    readonly reviewed: boolean;
  }[];
  /** Everything that time alone brings, soonest first. */
  readonly deadlines: readonly {
    readonly what: string;
    readonly kind: 'business' | 'calendar' | 'statutory';
    readonly due: Instant;
    readonly dueLocal: string;
    /** Of a statutory one: the working time it rolls to; it acts at `due`, which is the earlier. */
    readonly rolled: Instant | null;
  }[];
  /** What a stricter model asks of what is exposed already. */
  readonly remediations: readonly {
    readonly remediation: string;
    readonly evidence: string;
    readonly due: Instant;
    readonly missed: boolean;
  }[];
  readonly serving: {
    readonly label: string;
    readonly release: Digest;
    readonly percent: number;
    readonly since: Instant;
    readonly serveUntil: Instant | null;
  } | null;
  /** What people are exposed to, as the guard and the alerts of the monitoring see it. */
  readonly watched: readonly {
    readonly label: string;
    readonly release: Digest;
    readonly since: Instant;
    /** Clauses that do not hold now. `alert`: which said so; null: it was measured. */
    readonly breaches: readonly {
      readonly clause: string;
      readonly group: string | null;
      readonly at: Instant;
      readonly alert: string | null;
    }[];
    /** Since when nothing is measured, where that is longer than the limit. */
    readonly silentSince: Instant | null;
  }[];
  readonly candidate: {
    readonly label: string;
    readonly release: Digest;
    readonly step: string;
    readonly stepNumber: number;
    readonly steps: number;
    readonly phase: RolloutPhase['name'];
  } | null;
  readonly exposure: {
    readonly fence: number;
    readonly wanted: Allocation;
    readonly applied: Allocation | 'unknown';
  };
  readonly pilot: {
    readonly endsAt: Instant;
    readonly people: number;
    readonly caps: { readonly cap: string; readonly limit: number; readonly enforced: boolean }[];
  } | null;
  readonly waitingOn: readonly Waiting[];
  readonly allowedCommands: readonly CommandName[];
  /** For every other command: why not. */
  readonly refused: { readonly [N in CommandName]?: readonly Reason[] };
}

/** A view without what only the caller's standing and the moment decide. */
export type CommonView = Omit<LifecycleView, 'allowedCommands' | 'refused'>;
