/**
 * The operating model as the decider reads it: compiled from YAML when it is published, hashed, and
 * pinned into a lifecycle when a delivery starts. Every rule that can differ between enterprises is
 * a value here; nothing in the domain compares a policy's name.
 */
import type { BusinessDuration, CompiledCalendar } from './calendar/calendar.js';
import type { Digest } from './digest.js';
import type { Control } from './governance/control.js';
import type { Expression } from './governance/expression.js';
import type { Fact } from './governance/facts.js';
import type {
  BusinessFunction,
  CauseClass,
  GateName,
  HoldEffect,
  Instant,
  Mode,
  Right,
  RuledTier,
  Tier,
} from './vocabulary.js';

/** Who can fill a seat or turn a key: anyone of a function in the team, or the holder of a right. */
export type Authority = { readonly function: BusinessFunction } | { readonly right: Right };

/** `function-head` is the head of the seat's own function, `governance-head` always that of governance. */
export const CHAIN_STEPS = ['delegate', 'lead', 'function-head', 'governance-head', 'resolver'] as const;
export type ChainStep = (typeof CHAIN_STEPS)[number];

export interface GateRule {
  /** One entry per required approval; the same function twice means two people. */
  readonly seats: readonly Authority[];
  readonly sla: BusinessDuration;
  /** Shares of the SLA, in percent, ascending. */
  readonly reminders: readonly number[];
  readonly escalation: { readonly every: BusinessDuration; readonly chain: readonly ChainStep[] };
  readonly timeout: 'hold' | 'return';
  /** What an approver must have shown of themselves; absent: that they are signed in is enough. */
  readonly reauthenticate?: Reauthentication;
}

/** How recently, and how strongly, an approver must have signed in. */
export interface Reauthentication {
  /** Milliseconds since the sign-in; null: however long ago. */
  readonly maxAge: number | null;
  /** Classes of authentication of which one is needed, in the words of the issuer; empty: any. */
  readonly acr: readonly string[];
}

export interface EvidenceRule {
  readonly kind: string;
  /** The gate it is needed for, or the rollout step kind it must precede. */
  readonly before: GateName | StepKind;
  /** Milliseconds; older evidence is stale. null: no limit of its own. */
  readonly maxAge: number | null;
  readonly from: 'any' | 'independent';
  /** Only asked for where this holds of the facts; absent: always. */
  readonly when?: Expression;
}

export const STEP_KINDS = ['shadow', 'canary', 'ramp', 'full', 'cohort'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export interface RolloutStep {
  readonly kind: StepKind;
  /** Share of the traffic, 0 to 100; a shadow serves nobody. */
  readonly percent: number;
  /** Length of one verification window in milliseconds at scale 1; 0 means nothing is waited for. */
  readonly window: number;
  /** Consecutive windows that must pass; 0 together with a window of 0. */
  readonly windows: number;
  /** The operating owner accepts before the step is taken, or after it has passed. */
  readonly accept: 'none' | 'before' | 'after';
  readonly advance: 'automatic' | 'by-command';
}

interface Caps {
  readonly people: number;
  readonly cases: number;
  readonly sharePercent: number;
  /** Length of the time box in milliseconds. */
  readonly box: number;
  readonly moneyEur: number | null;
}

export interface LiftRule {
  /** All of them are needed, each a different person; two or more make lifting a two-key act. */
  readonly keys: readonly Authority[];
  readonly rootCause: boolean;
}

/** A span of calendar months plus business time, for what follows a periodic review. */
export interface ServingTerm {
  readonly months: number;
  readonly plus: BusinessDuration | null;
}

/** What a spec's queue gets where it says nothing; times as written, such as 4bh or 30min. */
export interface QueueTerms {
  readonly sla: string;
  /** Who is asked when the first line is late, and for how long before the default outcome. */
  readonly secondLine: { readonly who: 'head'; readonly sla: string } | null;
  readonly default: 'deny' | 'manual';
}

/** How often going back is rehearsed while something serves, and how quick it has to be. */
interface DrillRules {
  /** Milliseconds from one drill of a kind that passed to the next. */
  readonly every: number;
  /** Milliseconds from the order to the target's read-back, at most. */
  readonly within: number;
  /** What follows where one is overdue or did not pass. */
  readonly overdue: 'warn' | HoldEffect;
}

export interface TierRules {
  readonly gates: {
    readonly [G in 'scoping' | 'start' | 'specification' | 'launch' | 'readiness']?: GateRule;
  };
  /** The one approver of a minor change. */
  readonly change: GateRule | null;
  readonly informed: readonly BusinessFunction[];
  /** Functions without a seat that may nevertheless hold. */
  readonly mayHold: readonly BusinessFunction[];
  readonly evidence: readonly EvidenceRule[];
  readonly rollout: {
    readonly start: 'automatic' | 'by-command';
    /** How often an inconclusive or silent step is looked at again, milliseconds at scale 1. */
    readonly recheck: number;
    /** Windows in a row that must pass after one that failed, where that is more than the step asks; absent: one. */
    readonly recover?: number;
    readonly steps: readonly RolloutStep[];
  };
  /** Multiples of 1/p asked of a rate limit p where a clause says `auto`. */
  readonly minSample: { readonly shadow: number; readonly exposed: number };
  readonly approval: {
    /** Milliseconds after passing in which the rollout must have begun. */
    readonly startBy: number;
    /** null: until the pilot's box ends. */
    readonly serveUntil: ServingTerm | null;
  };
  readonly caps: Caps | null;
  readonly extension: {
    readonly times: number;
    readonly maxSharePercent: number;
    readonly keys: readonly Authority[];
  } | null;
  /** Months between reviews, or for a pilot days into its box and whether at its end. */
  readonly review:
    | { readonly everyMonths: number }
    | { readonly boxDays: readonly number[]; readonly atEnd: boolean };
  /** No measurement for `after` milliseconds (scale 1) is a breach with this effect. */
  readonly silence: { readonly after: number; readonly effect: 'warn' | HoldEffect };
  /** The effect of a hold that a breached clause asks for. Stop-ship and the end of a box say their own. */
  readonly criticalHold: HoldEffect;
  /** Absent: nobody has to rehearse going back. */
  readonly drills?: DrillRules;
  /** `agents`: the terms for cases that an agent asks about, where they differ. */
  readonly queue: QueueTerms & { readonly agents: QueueTerms | null };
  readonly lift: {
    /** Any hold that is not named below. */
    readonly ordinary: LiftRule;
    readonly afterRollback: LiftRule;
    readonly afterRollbackAtFull: LiftRule;
  };
}

export interface TierRule {
  /** Short name shown with the result, such as H5. */
  readonly id: string;
  readonly when: Expression;
  readonly tier: Tier;
  /** A hold that the rule brings with it until one of this function lifts it. */
  readonly holdFor?: BusinessFunction;
}

interface FreezeWindow {
  readonly name: string;
  readonly from: Instant;
  /** First instant at which forward steps are allowed again. */
  readonly until: Instant;
}

/** Acts that need two people, each by the keys that turn them. */
interface TwoKeyRules {
  readonly sla: BusinessDuration;
  /** Milliseconds in which the second key of a break-glass must be turned. */
  readonly breakGlassExpires: number;
  readonly lowerTier: readonly Authority[];
  readonly lowerMateriality: readonly Authority[];
  readonly correctProhibited: readonly Authority[];
  /** Milliseconds after which a tier lowered by hand falls back to the computed one. */
  readonly loweredTierExpires: number;
}

/** How this model comes to be replaced by its next version, and what follows for those under the old one. */
export interface PolicyChangeRules {
  /** Who approves a version before it is published. */
  readonly gate: GateRule;
  /** Milliseconds after the gate has passed in which the version must be published. */
  readonly publishBy: number;
  /** The keys that take a running lifecycle to a published version. */
  readonly migrate: readonly Authority[];
  /** How long what is exposed already has to meet a rule that became stricter. */
  readonly remediation: BusinessDuration;
}

export interface DelegationRules {
  /** Milliseconds that one delegation or absence lasts at most. */
  readonly longest: number;
}

/** The time in which a vacant right is accepted, who is reminded of it, and who is asked when nobody has. */
export type HandoverRule = Pick<GateRule, 'sla' | 'reminders' | 'escalation'>;

/** What two people may pass in an emergency, for how long, and who looks at it afterwards. */
interface BreakGlassRules {
  readonly keys: readonly Authority[];
  /** Gates whose missing approval may be passed. */
  readonly gates: readonly GateName[];
  /** Whether a freeze may be passed. */
  readonly freezes: boolean;
  /** Milliseconds until it passes nothing any more, at most. */
  readonly longest: number;
  readonly retrospective: GateRule;
}

/** Which unmet controls two people may pass, and for how long at most, in milliseconds. */
interface ExceptionRules {
  readonly keys: readonly Authority[];
  readonly longest: number;
  readonly mayPass: readonly Control[];
}

/** The effect of the hold where something promised is not there in time. */
interface OverdueRules {
  readonly condition: HoldEffect;
  readonly exception: HoldEffect;
  readonly retrospective: HoldEffect;
}

export interface OperatingModel {
  readonly name: string;
  readonly version: number;
  /** Digest of the written form. */
  readonly digest: Digest;
  readonly demo: boolean;
  /** Factor on the elapsed durations of rollouts and spec; 1 unless `demo`. */
  readonly timeScale: number;
  readonly facts: readonly Fact[];
  readonly tierRules: readonly TierRule[];
  readonly tierOtherwise: RuledTier;
  /** Facts that make a spec answer for more than its tier alone asks. */
  readonly specConditions: { readonly peopleJudged: Expression; readonly ownModel: Expression };
  readonly calendars: { readonly [id: string]: CompiledCalendar };
  readonly defaultCalendar: string;
  readonly rules: { readonly [M in Mode]: { readonly [T in RuledTier]: TierRules } };
  readonly promotion: GateRule;
  readonly retirement: GateRule;
  readonly twoKey: TwoKeyRules;
  /** The conflict resolver's gate. Absent: models from before conflicts were known; then none is raised. */
  readonly conflict?: GateRule;
  /** Absent: no glass is broken under this model. */
  readonly breakGlass?: BreakGlassRules;
  /** Absent: this model grants no exceptions. */
  readonly exceptions?: ExceptionRules;
  /** Absent: forward movement is held. */
  readonly overdue?: OverdueRules;
  /** Absent: models from before there were delegations; then only the dates themselves bound one. */
  readonly delegation?: DelegationRules;
  /** Absent: models from before handovers were known; then nobody is asked after who holds a right. */
  readonly handover?: HandoverRule;
  readonly policyChange: PolicyChangeRules;
  readonly freezes: readonly FreezeWindow[];
  readonly reentry: { readonly [C in CauseClass]: 'implementation' | 'specification' };
  /** People who edit this model and so never decide under it. */
  readonly editors: readonly string[];
}
