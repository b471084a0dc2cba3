/**
 * Everything that can happen to a lifecycle, in the past tense. Events carry ids, digests and small
 * values; documents, free text and names stay outside.
 */
import type { CompiledCalendar } from '../calendar/calendar.js';
import type { Digest } from '../digest.js';
import type { Decision, Gate, GateClock, VoidedDecision } from '../gates/gate.js';
import type { Delegation } from '../gates/mandate.js';
import type { Conflict, ConflictSide } from '../governance/conflict.js';
import type { PolicyException } from '../governance/exception.js';
import type { Facts } from '../governance/facts.js';
import type { Finding, ReportedFinding } from '../governance/finding.js';
import type { Glass } from '../governance/glass.js';
import type { Remediation } from '../governance/remediation.js';
import type { Json } from '../json.js';
import type { OperatingModel, RolloutStep, TierRules } from '../policy.js';
import type { Allocation } from '../release/allocation.js';
import type { Drill } from '../release/drill.js';
import type { RolloutPhase } from '../release/rollout.js';
import type { Verdict, VerificationResult } from '../release/verdict.js';
import type { OnBreach } from '../spec/spec.js';
import type {
  CauseClass,
  DecisionKind,
  DrillKind,
  GateOutcome,
  Instant,
  Mode,
  PersonId,
  Right,
  Stage,
} from '../vocabulary.js';
import type {
  Approval,
  Candidate,
  Change,
  Condition,
  Delivery,
  Engine,
  Evidence,
  Hold,
  Materiality,
  Notice,
  SpecDraft,
  SpecPin,
  State,
  TierAssessment,
  Unreached,
  VacancyCause,
} from './state.js';

type Events = {
  /** `start`: digest of the start document, from which the state is made again. */
  LifecycleStarted: { mode: Mode; team: string; model: Digest; engine: Engine; start: Digest };
  EngineChanged: { from: Engine; to: Engine };
  BriefUpdated: { brief: State['brief'] };
  RightOffered: { right: Right; person: PersonId };
  RightAssigned: { right: Right; person: PersonId };
  /** `clock`: of the handover that begins; null where it has none. */
  RightVacated: { right: Right; person: PersonId; why: VacancyCause; clock: GateClock | null };
  HandoverMoved: {
    right: Right;
    what: 'reminded' | 'escalated' | 'calendar';
    /** Share of its time in percent, or the step of its chain; empty for a changed calendar. */
    step: string;
    to: readonly PersonId[];
    clock: GateClock;
  };
  /** Somebody says that these may be gone: the directory is asked. */
  HoldersDoubted: { people: readonly PersonId[] };
  HoldersConfirmed: {
    asked: readonly PersonId[];
    gone: readonly { person: PersonId; why: VacancyCause }[];
  };
  /** Set anew under the same id where one of several who speak is gone. */
  DelegationSet: { delegation: Delegation };
  DelegationBegan: { delegation: string };
  DelegationEnded: { delegation: string; why: 'over' | 'taken-back' | 'replaced' | 'gone' };
  RiskAssessed: { facts: Facts; tier: TierAssessment };
  TierLowered: { tier: TierAssessment };
  TierLoweringExpired: { tier: TierAssessment };
  Parked: { reason: Digest };
  Resumed: Record<never, never>;
  Cancelled: { reason: Digest };
  CommentAdded: { gate: string; comment: Digest };

  GateOpened: { gate: Gate; reaffirm: readonly PersonId[] };
  DecisionRecorded: { gate: string; decision: Decision };
  DecisionRetracted: { gate: string; person: PersonId };
  DecisionVoided: { gate: string; voided: VoidedDecision };
  ReminderSent: { gate: string; share: number; due: Instant };
  Escalated: { gate: string; step: string; to: readonly PersonId[]; due: Instant };
  GateConfirming: { gate: string };
  GateReopened: { gate: string; why: string };
  GateExclusionsAdded: { gate: string; people: readonly PersonId[] };
  GateTimedOut: { gate: string; outcome: 'hold' | 'return' };
  GateClosed: {
    gate: string;
    outcome: GateOutcome;
    /** `for`: in whose name, where it was not their own. */
    by: readonly { person: PersonId; seat: string; decision: DecisionKind; for?: PersonId }[];
  };
  GateClockMoved: {
    gate: string;
    clock: GateClock;
    why: 'held' | 'lifted' | 'frozen' | 'ratified' | 'calendar';
  };
  ConditionSet: { condition: Condition };
  ConditionFulfilled: { condition: string; by: PersonId };
  /** Its owner is gone. */
  ConditionPassed: { condition: string; from: PersonId; to: PersonId };
  ConditionMissed: { condition: string; owner: PersonId; due: Instant };

  ConflictRaised: { conflict: Conflict };
  ConflictResolved: { conflict: string; side: ConflictSide; by: PersonId | null; reason: Digest | null };
  GlassBroken: { glass: Glass };
  GlassExpired: { glass: string };
  GlassReviewed: { glass: string; outcome: GateOutcome };
  ExceptionGranted: { exception: PolicyException };
  ExceptionExpired: { exception: string; unmet: boolean };

  /** `stage` is where the lifecycle stands afterwards; a change leaves it `live`. */
  DeliveryOpened: { n: number; step: Delivery['step']; stage: Stage; change: Change | null };
  DeliveryMoved: { n: number; step: 'implementation' | 'review'; stage: Stage; by: PersonId | null };
  DeliveryReturned: {
    n: number;
    step: 'specification' | 'implementation';
    stage: Stage;
    /** Whether the candidate is ended: a draft or release is not offered again. */
    dropped: boolean;
    why: string;
    clauses: readonly string[];
  };
  DeliveryClosed: { n: number; stage: Stage; outcome: 'live' | 'withdrawn' | 'superseded' | 'rejected' };
  SpecDrafted: { draft: SpecDraft };
  SpecSubmitted: { spec: SpecPin };
  ReleaseRegistered: { release: Candidate; materiality: Materiality | null };
  EvidenceAdded: { evidence: Evidence };
  /** The delivery enters its release step with this plan. */
  ApprovalGranted: { n: number; stage: Stage; approval: Approval; steps: readonly RolloutStep[] };
  ApprovalLapsed: { gate: string; end: 'start-by' | 'serve-until' };

  RolloutMoved: { step: number; phase: RolloutPhase; what: RolloutMove };
  VerificationRecorded: { step: number; verdicts: readonly Verdict[]; result: VerificationResult };
  /** `key`: of the effect, by which adapters know it. */
  ExposureRequested: { key: string; fence: number; allocation: Allocation };
  ExposureConfirmed: { key: string; fence: number; allocation: Allocation };
  ExposureRefused: { key: string; fence: number; people: readonly PersonId[] };
  ExposureAccepted: { by: PersonId };
  /** `blameless`: it made way for something else, so that it may be gone back to again. */
  RolledBack: {
    what: 'candidate' | 'serving';
    release: Digest;
    to: Digest | 'fallback';
    why: string;
    blameless?: true;
  };
  /** How long the serving release may go on: moved by a changed calendar, or begun anew by a review. */
  ServingTermMoved: { from: Instant; serveUntil: Instant; why: 'calendar' | 'reviewed' | 'policy' };
  ReleaseServing: { release: Digest; percent: number; serveUntil: Instant | null };

  /** A clause does not hold while people are exposed: measured, or said by an alert. `action`: what follows. */
  BreachObserved: {
    release: Digest;
    clause: string;
    group: string | null;
    value: number | null;
    limit: number;
    /** Samples behind the value; null: the alert does not say. */
    n: number | null;
    window: { from: Instant; to: Instant } | null;
    /** Digest of the query that was asked. */
    query?: Digest;
    /** The alert that said so; null: the guard measured it. */
    alert: string | null;
    /** Since when it does not hold. */
    since: Instant;
    action: OnBreach;
  };
  BreachEnded: {
    release: Digest;
    clause: string;
    group: string | null;
    value: number | null;
    alert: string | null;
  };
  /** Nothing was measured for longer than the limit. `clauses`: those that nothing is measured of. */
  SilenceObserved: {
    release: Digest;
    clauses: readonly string[];
    since: Instant;
    action: TierRules['silence']['effect'];
  };
  SilenceEnded: { release: Digest; since: Instant };

  DrillRecorded: { drill: Drill };
  DrillMissed: { kind: DrillKind; due: Instant };
  /** The vendor of a release says until when its endpoint answers; null: no end is known. */
  VendorEndNoted: { release: Digest; until: Instant | null };

  HoldPlaced: { hold: Hold };
  HoldLifted: {
    hold: string;
    by: readonly PersonId[];
    causeClass: CauseClass | null;
    rootCause: Digest | null;
  };
  StopShipped: { scope: 'candidate' | 'serving'; by: PersonId; reason: Digest; verified: boolean };

  FindingRecorded: { finding: ReportedFinding };
  /** `settled`: this was the second ratification, and the finding is closed. */
  FindingRatified: { finding: string; by: Finding['ratified'][number]; reason: Digest; settled: boolean };
  LegalHoldSet: { on: boolean; by: PersonId; reason: Digest };

  ChangeQueued: { change: Change };
  ChangeWithdrawn: { change: string; reason: Digest };
  MaterialityChanged: { change: string; materiality: Materiality };
  PromotedToGoverned: { subject: Digest };
  PromotionProposed: { skipped: readonly { item: string; due: Instant }[]; reason: Digest };
  PilotExtended: { endsAt: Instant; reason: Digest };
  PilotEnded: { reason: Digest | null };
  CalendarUpdated: { calendar: CompiledCalendar };
  /** A newer version waits for the next delivery. */
  OperatingModelNoted: { model: OperatingModel };
  /** From here on another version rules; what that voids and asks for are the events behind it. */
  OperatingModelMoved: {
    from: { version: number; digest: Digest };
    model: OperatingModel;
    why: 'migration' | 'delivery';
  };
  RemediationSet: { remediation: Remediation };
  RemediationMet: { id: string };
  RemediationMissed: { id: string };
  RetirementProposed: { reason: Digest; dependants: readonly string[] };
  Retired: { outcome: 'retired' | 'rejected' | 'cancelled' };

  NoticeRaised: { notice: Notice };
  NoticesDelivered: { ids: readonly string[] };
  PersonUnreachable: Unreached;
  MessageRefused: { message: string; code: string; person: PersonId | null };
  /** Signals since the last such event that nothing proved to be the API's; `names`: the first few of them. */
  UnverifiedMessage: { count: number; names: readonly string[]; since: Instant };
  /** Other root keys are believed from now on, by their ids; `by`: of the root key that signed the set. */
  RootsChanged: { serial: number; roots: readonly string[]; by: string };
};

/** Why a rollout moved, for people who read the timeline. */
export type RolloutMove =
  | 'step-taken'
  | 'soaking'
  | 'verifying'
  | 'window-passed'
  | 'window-failed'
  | 'inconclusive'
  | 'step-passed'
  | 'awaiting-acceptance'
  | 'accepted'
  | 'advanced'
  | 'rolled-back';

export type EventType = keyof Events;
export type EventOf<T extends EventType> = { readonly type: T } & {
  readonly [K in keyof Events[T]]: Events[T][K];
};
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/** An event as it goes to the ledger: numbered, dated, with who and which command caused it. */
export interface Recorded {
  readonly seq: number;
  readonly at: Instant;
  readonly by: PersonId | null;
  readonly command: string | null;
  readonly event: Event;
  /** What proves the command that it follows from, under trust `signed`; the fold does not look at it. */
  readonly proof?: Json;
}
