/** The closed sets of words that the whole project shares. One word per concept: see the glossary. */

/** Whose view a seat speaks for. */
export const BUSINESS_FUNCTIONS = [
  'product',
  'engineering',
  'governance',
  'risk',
  'operations',
  'business',
] as const;
export type BusinessFunction = (typeof BUSINESS_FUNCTIONS)[number];

/** Named authorities on a lifecycle. `stopShipHolder` is a roster, every other right has one holder. */
export const RIGHTS = [
  'businessOwner',
  'technicalOwner',
  'operatingOwner',
  'changeApprover',
  'stopShipHolder',
  'conflictResolver',
] as const;
export type Right = (typeof RIGHTS)[number];

export const MODES = ['pilot', 'governed'] as const;
export type Mode = (typeof MODES)[number];

export const STAGES = [
  'scoping',
  'specification',
  'implementation',
  'review',
  'release',
  'live',
  'retired',
] as const;
export type Stage = (typeof STAGES)[number];

/** Risk tiers, mild to severe; comparisons use this order. */
export const TIERS = ['low', 'medium', 'high', 'prohibited'] as const;
export type Tier = (typeof TIERS)[number];
/** The tiers that have rules of their own; `prohibited` has none, it only stops. */
export type RuledTier = Exclude<Tier, 'prohibited'>;

export const GATE_NAMES = [
  'scoping',
  'start',
  'specification',
  'launch',
  'readiness',
  'change',
  'promotion',
  'retirement',
  'two-key',
  'conflict',
  'retrospective',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

export const DECISIONS = [
  'approve',
  'approve-with-conditions',
  'request-changes',
  'reject',
  'abstain',
  'recuse',
] as const;
export type DecisionKind = (typeof DECISIONS)[number];

const GATE_OUTCOMES = [
  'passed',
  'returned',
  'rejected',
  'expired',
  'withdrawn',
  'superseded',
  'bypassed',
] as const;
export type GateOutcome = (typeof GATE_OUTCOMES)[number];

/** What a hold does, mild to severe. */
export const HOLD_EFFECTS = ['forward', 'review-all', 'stopped'] as const;
export type HoldEffect = (typeof HOLD_EFFECTS)[number];

/** What is rehearsed, so that it works when it is needed. */
export const DRILL_KINDS = ['rollback', 'stop-ship'] as const;
export type DrillKind = (typeof DRILL_KINDS)[number];

export const CAUSE_CLASSES = ['model', 'prompt', 'policy', 'data', 'code', 'vendor', 'spec'] as const;
export type CauseClass = (typeof CAUSE_CLASSES)[number];

/** What a change can touch: the parts of a release, and the spec itself. The same words as cause classes. */
export type ChangeKind = CauseClass;

/** What can have gone past us, as it shows when Temporal's histories are compared with the ledger. */
export const FINDING_KINDS = [
  'reset',
  'terminate',
  'unsigned-message',
  'unknown-start',
  'waits-on-nothing',
  'missing-in-ledger',
  'missing-in-temporal',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** An opaque id of a person, taken from the directory; never a name. */
export type PersonId = string;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;
