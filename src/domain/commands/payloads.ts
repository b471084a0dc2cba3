/** What each command carries once its documents are stored: ids, digests and small values. */
import type { CompiledCalendar } from '../calendar/calendar.js';
import type { Digest } from '../digest.js';
import type { Results } from '../governance/evidence.js';
import type { Facts } from '../governance/facts.js';
import type { SpecDraft } from '../lifecycle/state.js';
import type {
  CauseClass,
  ChangeKind,
  DecisionKind,
  HoldEffect,
  Instant,
  PersonId,
  Right,
  RuledTier,
} from '../vocabulary.js';

type Nothing = Record<never, never>;

export interface Payloads {
  'update-brief': { brief: Digest; missing: readonly string[] };
  'assign-right': { right: Right; person: PersonId };
  'accept-handover': { right: Right };
  'assess-risk': { facts: Facts };
  'override-tier': { tier: RuledTier; reason: Digest };
  'open-gate': { gate: 'scoping' | 'start' };
  decide: {
    gate: string;
    generation: number;
    subject: Digest;
    seat?: string;
    decision: DecisionKind;
    comment?: Digest;
    conditions?: readonly { text: Digest; owner: PersonId; due: Instant; beforeRelease: boolean }[];
    clauses?: readonly string[];
  };
  'retract-decision': { gate: string };
  'withdraw-gate': { gate: string; reason: Digest };
  comment: { gate: string; comment: Digest };
  'fulfil-condition': { condition: string };
  park: { reason: Digest };
  resume: Nothing;
  cancel: { reason: Digest };
  'draft-spec': { spec: SpecDraft['spec']; missing: readonly string[] };
  'submit-spec': { version: number };
  'register-release': { release: Digest; changedSections: readonly string[] };
  'add-evidence': {
    kind: string;
    digest: Digest;
    producer: PersonId;
    independent: boolean;
    collectedAt: Instant;
    about: readonly Digest[];
    results: Results;
  };
  'submit-for-review': Nothing;
  'start-rollout': Nothing;
  advance: Nothing;
  'accept-exposure': Nothing;
  hold: { effect: HoldEffect; scope: 'candidate' | 'serving'; reason: Digest };
  'lift-hold': { hold: string; causeClass?: CauseClass; rootCause?: Digest };
  'stop-ship': { scope: 'candidate' | 'serving'; reason: Digest };
  'roll-back': { reason: Digest };
  'open-change': {
    kind: ChangeKind;
    changedSections: readonly string[];
    reason: Digest;
    /** Closes the open delivery instead of waiting for it. */
    supersede?: boolean;
  };
  'withdraw-change': { change: string; reason: Digest };
  'override-materiality': { materiality: 'minor' | 'material'; reason: Digest };
  'promote-to-governed': { skipped: readonly { item: string; due: Instant }[]; reason: Digest };
  'extend-pilot': { endsAt: Instant; reason: Digest };
  'end-pilot': { reason: Digest };
  'update-calendar': { calendar: CompiledCalendar };
  'ratify-finding': { finding: string; reason: Digest };
  'set-legal-hold': { on: boolean; reason: Digest };
  retire: { reason: Digest; dependants: readonly string[] };
}

export type CommandName = keyof Payloads;

/** What a person or a machine asks for, with who asks. `id` is the idempotency key's hash. */
export type Command<N extends CommandName = CommandName> = {
  [K in N]: {
    readonly name: K;
    readonly id: string;
    readonly actor: import('../lifecycle/actor.js').Actor;
    readonly payload: Readonly<Payloads[K]>;
  };
}[N];
