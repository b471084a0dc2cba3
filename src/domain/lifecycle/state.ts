/**
 * The state of one lifecycle: one plain JSON value, a union by stage. What is closed (gates, holds,
 * deliveries) is in the ledger; here is only what an open rule still needs.
 */
import type { Digest } from '../digest.js';
import type { Gate, GateClock, VoidedDecision } from '../gates/gate.js';
import type { Delegation } from '../gates/mandate.js';
import type { Conflict } from '../governance/conflict.js';
import type { PolicyException } from '../governance/exception.js';
import type { Facts } from '../governance/facts.js';
import type { Finding, LegalHold } from '../governance/finding.js';
import type { Glass } from '../governance/glass.js';
import type { EvidenceVerdict } from '../governance/measured.js';
import type { Remediation } from '../governance/remediation.js';
import type { Watch } from '../live/watch.js';
import type { Authority, LiftRule, OperatingModel } from '../policy.js';
import type { ExposureState } from '../release/allocation.js';
import type { Drills } from '../release/drill.js';
import type { Rollout } from '../release/rollout.js';
import type { CompiledSpec } from '../spec/spec.js';
import type {
  BusinessFunction,
  ChangeKind,
  GateName,
  GateOutcome,
  HoldEffect,
  Instant,
  Mode,
  PersonId,
  Right,
  RuledTier,
  Tier,
} from '../vocabulary.js';

/** The decider's behaviour version; see `engine.ts`. */
export type Engine = 1 | 2 | 3;

/** The team as the directory described it at start: opaque ids only. */
export interface Team {
  readonly id: string;
  readonly calendar: string;
  readonly lead: PersonId;
  readonly heads: { readonly [F in BusinessFunction]?: PersonId };
  readonly members: readonly { readonly person: PersonId; readonly functions: readonly BusinessFunction[] }[];
}

/** Holders by right; an absent right is vacant. */
export type Rights = {
  readonly [R in Exclude<Right, 'stopShipHolder'>]?: PersonId;
} & { readonly stopShipHolder: readonly PersonId[] };

export interface TierAssessment {
  readonly computed: Tier;
  /** Id of the rule that matched. */
  readonly rule: string;
  /** A milder tier set by two keys, until it expires. */
  readonly lowered: { readonly tier: RuledTier; readonly until: Instant } | null;
}

export interface Hold {
  readonly id: string;
  readonly effect: HoldEffect;
  readonly scope: 'candidate' | 'serving';
  readonly source:
    | 'person'
    | 'stop-ship'
    | 'rollback'
    | 'timeout'
    | 'verification'
    | 'silence'
    | 'tier'
    | 'box'
    | 'approval'
    | 'eligibility'
    | 'ledger'
    | 'vacancy'
    | 'policy'
    | 'conflict'
    | 'condition'
    | 'exception'
    | 'retrospective'
    | 'drill';
  /** Document with the reason, or null where the source says it all. */
  readonly reason: Digest | null;
  /** null: the machine. */
  readonly by: PersonId | null;
  readonly verified: boolean;
  readonly at: Instant;
  /** The gate that timed out, for a hold that restarts its clock when lifted. */
  readonly gate: string | null;
  /** The condition, exception or drill that is overdue, for a hold that goes with it. */
  readonly about?: string;
  readonly lift: LiftRule;
}

export interface Condition {
  readonly id: string;
  readonly gate: GateName;
  readonly text: Digest;
  readonly owner: PersonId;
  readonly due: Instant;
  /** Set by law: shown with the working day it rolls to, and overdue at the earlier of the two. */
  readonly statutory?: true;
  /** It was overdue once: its hold, lifted or not, is not placed again. */
  readonly missed?: true;
  readonly beforeRelease: boolean;
  /** Whose approval it came with: it goes when that approval does. */
  readonly by: PersonId;
  /** The delivery it is attached to; null: the use case itself. */
  readonly delivery: number | null;
}

export interface Evidence {
  readonly id: string;
  readonly kind: string;
  readonly digest: Digest;
  readonly producer: PersonId;
  readonly independent: boolean;
  readonly collectedAt: Instant;
  readonly about: readonly Digest[];
  /** Clauses it was judged by. */
  readonly verdicts: readonly EvidenceVerdict[];
}

export interface Candidate {
  readonly digest: Digest;
  /** r1, r2, …: how people and metric series call it. */
  readonly label: string;
  readonly changedSections: readonly string[];
  readonly registeredBy: PersonId;
  /** What it changes for good, such as stored data: once it serves, no release from before it is gone back to. */
  readonly irreversible?: true;
  /** Until when the vendor's endpoint that it calls is announced to answer. */
  readonly vendorUntil?: Instant;
}

export interface Approver {
  readonly person: PersonId;
  readonly authority: Authority;
  /** For whom they spoke; absent: for themselves. */
  readonly mandate?: { readonly from: PersonId; readonly delegation: string };
}

/** Why somebody no longer holds a right: they are not there any more, or not in the team. */
export type VacancyCause = 'left' | 'lapsed';

/** A right that somebody held and nobody does now, until its receiver has accepted it. */
export interface Handover {
  readonly right: Right;
  readonly from: PersonId;
  readonly why: VacancyCause;
  readonly since: Instant;
  /** When it is reminded of and escalated; null where neither the model nor the calendar says when. */
  readonly clock: GateClock | null;
}

/** What allows a release to be exposed: who approved it, under which subject, and its two ends. */
export interface Approval {
  readonly gate: GateName;
  readonly subject: Digest;
  readonly approvers: readonly Approver[];
  readonly at: Instant;
  readonly startBy: Instant | null;
  /** null: as long as the pilot's box. */
  readonly serveUntil: Instant | null;
}

export interface Serving {
  readonly release: Candidate;
  readonly spec: SpecPin;
  readonly percent: number;
  readonly since: Instant;
  /** From when its term counts: since it serves, or since it was last reviewed. */
  readonly termFrom: Instant;
  readonly approval: Approval;
  /** It took over and the target has not shown it yet: until then its approvers are asked at the effect. */
  readonly takingOver?: true;
}

export type Materiality = 'minor' | 'material' | 'spec';

export interface Change {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly changedSections: readonly string[];
  readonly reason: Digest;
  readonly openedBy: PersonId;
  readonly materiality: Materiality;
  /** Set once two keys lowered it or somebody raised it; then it is not recomputed. */
  readonly fixed: boolean;
}

interface ClosedGate {
  readonly id: string;
  readonly outcome: GateOutcome;
  readonly at: Instant;
  /** Who had answered. */
  readonly by: readonly PersonId[];
}

export interface SpecDraft {
  readonly version: number;
  readonly spec: CompiledSpec;
  readonly author: PersonId;
  /** What the mode and tier require and the draft lacks; submitting needs it empty. */
  readonly missing: readonly string[];
}

/** A spec that was frozen by submitting it. */
export interface SpecPin {
  readonly version: number;
  readonly spec: CompiledSpec;
  readonly author: PersonId;
  readonly submittedBy: PersonId;
  readonly frozenAt: Instant;
}

interface DeliveryBase {
  readonly n: number;
  /** null: the launch. */
  readonly change: Change | null;
  readonly openedAt: Instant;
}
interface SpecificationDelivery extends DeliveryBase {
  readonly step: 'specification';
  readonly draft: SpecDraft | null;
  /** Set while the gate on it is open. */
  readonly submitted: SpecPin | null;
}
export interface ImplementationDelivery extends DeliveryBase {
  readonly step: 'implementation';
  readonly spec: SpecPin;
  readonly release: Candidate | null;
}
interface ReviewDelivery extends DeliveryBase {
  readonly step: 'review';
  readonly spec: SpecPin;
  readonly release: Candidate;
  readonly submittedBy: PersonId;
}
export interface ReleaseDelivery extends DeliveryBase {
  readonly step: 'release';
  readonly spec: SpecPin;
  readonly release: Candidate;
  readonly approval: Approval;
  readonly rollout: Rollout;
}
export type Delivery = SpecificationDelivery | ImplementationDelivery | ReviewDelivery | ReleaseDelivery;

/** What a pilot declared at start: its light spec and its box. */
export interface PilotTerms {
  readonly spec: SpecPin;
  readonly cohort: { readonly digest: Digest; readonly people: number };
  readonly endsAt: Instant;
  readonly extensions: number;
  readonly release: Candidate;
  readonly partner: PersonId;
}

export interface Notice {
  readonly id: string;
  readonly kind: 'reminder' | 'escalation' | 'request' | 'reaffirm' | 'information' | 'hold' | 'handover';
  readonly to: readonly PersonId[];
  readonly gate: string | null;
  readonly due: Instant | null;
}

/** Somebody whom no channel reached with a notice in time. */
export interface Unreached {
  readonly notice: string;
  readonly person: PersonId;
  readonly gate: string | null;
}

/** Somebody who is known not to be reachable. */
export interface Silence extends Unreached {
  /** The notice that told the lead of it; absent at a gate, and where it is the lead. */
  readonly told?: string;
}

interface Common {
  readonly engine: Engine;
  readonly key: string;
  readonly title: string;
  readonly mode: Mode;
  readonly team: Team;
  readonly model: OperatingModel;
  /** A newer version, for the next delivery that begins while another one is open; null: none. */
  readonly nextModel: OperatingModel | null;
  readonly openedAt: Instant;
  readonly startedBy: PersonId;
  /** Set aside during scoping: nothing is asked of anybody. */
  readonly parked: boolean;
  /** Sequence number of the last event. */
  readonly seq: number;
  readonly rights: Rights;
  /** Rights offered and not accepted yet. */
  readonly offers: { readonly [R in Right]?: PersonId };
  readonly handovers: readonly Handover[];
  /** Holders after whom the directory is being asked. */
  readonly doubted: readonly PersonId[];
  /** When the directory was last asked after somebody, where that is not long ago. */
  readonly askedAfter: readonly { readonly person: PersonId; readonly at: Instant }[];
  /** Those that hold now or will. */
  readonly delegations: readonly Delegation[];
  readonly brief: { readonly digest: Digest; readonly missing: readonly string[]; readonly author: PersonId };
  readonly facts: Facts;
  readonly tier: TierAssessment;
  /** The tier under which scoping was last passed; null until then. */
  readonly scoped: Tier | null;
  readonly pilot: PilotTerms | null;
  /** The latest of each kind. */
  readonly evidence: readonly Evidence[];
  /** Open gates by id. */
  readonly gates: { readonly [id: string]: Gate };
  /** How the last gate of each name ended, so that whoever comes too late is told. */
  readonly closed: { readonly [G in GateName]?: ClosedGate };
  /** Last generation by gate name; it only rises. */
  readonly generations: { readonly [G in GateName]?: number };
  /** Decisions voided during the open delivery, or during scoping. */
  readonly voided: readonly VoidedDecision[];
  readonly holds: readonly Hold[];
  /** Unmet conditions only. */
  readonly conditions: readonly Condition[];
  readonly conflicts: readonly Conflict[];
  /** Policy exceptions that have not expired. */
  readonly exceptions: readonly PolicyException[];
  /** Broken glass that still passes something, or is not reviewed yet. */
  readonly glass: readonly Glass[];
  /** What a stricter model asks of what is exposed already, and is not there yet. */
  readonly remediations: readonly Remediation[];
  /** What went past us and is not ratified. */
  readonly findings: readonly Finding[];
  /** Ids of the findings ratified last: found again, they freeze nothing. */
  readonly ratified: readonly string[];
  readonly legalHold: LegalHold | null;
  readonly serving: Serving | null;
  /**
   * The last five that could be gone back to, newest last; neither the serving one nor one that was rolled
   * back for cause is among them.
   */
  readonly earlier: readonly Serving[];
  readonly exposure: ExposureState;
  readonly drills: Drills;
  readonly watch: Watch;
  /** Not delivered yet. */
  readonly notices: readonly Notice[];
  /** Known not to be reachable: for a gate as long as it is open. */
  readonly unreached: readonly Silence[];
  readonly queued: readonly Change[];
  /** Counters that name things; they only rise. */
  readonly counters: {
    readonly deliveries: number;
    readonly holds: number;
    readonly acts: number;
    readonly conditions: number;
    readonly exceptions: number;
    readonly delegations: number;
    readonly changes: number;
    readonly releases: number;
    readonly evidence: number;
    readonly notices: number;
    readonly specs: number;
  };
}

type StageState =
  | { readonly stage: 'scoping' }
  | { readonly stage: 'specification'; readonly delivery: SpecificationDelivery }
  | { readonly stage: 'implementation'; readonly delivery: ImplementationDelivery }
  | { readonly stage: 'review'; readonly delivery: ReviewDelivery }
  | { readonly stage: 'release'; readonly delivery: ReleaseDelivery }
  | { readonly stage: 'live'; readonly delivery: Delivery | null }
  | { readonly stage: 'retired'; readonly outcome: 'retired' | 'rejected' | 'cancelled' };

export type State = Common & StageState;
