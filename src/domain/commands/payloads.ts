/** What each command carries once its documents are stored: ids, digests and small values. */
import type { CompiledCalendar } from '../calendar/calendar.js';
import type { Digest } from '../digest.js';
import type { AuthorityName } from '../gates/mandate.js';
import type { ConflictSide } from '../governance/conflict.js';
import type { Results } from '../governance/evidence-verdicts.js';
import type { Facts } from '../governance/facts.js';
import type { SpecDraft } from '../lifecycle/state.js';
import type { OperatingModel } from '../policy.js';
import type {
  CauseClass,
  ChangeKind,
  DecisionKind,
  DrillKind,
  GateName,
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
    /** For whom, where the person could speak for several: somebody they stand in for, or themselves. */
    for?: PersonId;
    decision: DecisionKind;
    comment?: Digest;
    conditions?: readonly {
      text: Digest;
      owner: PersonId;
      due: Instant;
      beforeRelease: boolean;
      statutory?: boolean;
    }[];
    clauses?: readonly string[];
  };
  'retract-decision': { gate: string };
  'withdraw-gate': { gate: string; reason: Digest };
  comment: { gate: string; comment: Digest };
  'fulfil-condition': { condition: string };
  'raise-conflict': { gate?: string; reason: Digest };
  'resolve-conflict': { conflict: string; side: ConflictSide; reason: Digest };
  /** Either a gate with the subject that passes it, or a freeze by its name. */
  'break-glass': { gate?: string; subject?: Digest; freeze?: string; until: Instant; reason: Digest };
  'grant-exception': { control: string; until: Instant; reason: Digest };
  delegate: {
    to: PersonId;
    authorities: readonly AuthorityName[];
    gates: readonly GateName[];
    /** Left out: now. */
    starts?: Instant;
    ends: Instant;
  };
  'set-absence': { standIns: readonly PersonId[]; starts?: Instant; ends: Instant };
  'withdraw-delegation': { delegation: string };
  park: { reason: Digest };
  resume: Nothing;
  cancel: { reason: Digest };
  'draft-spec': { spec: SpecDraft['spec']; missing: readonly string[] };
  'submit-spec': { version: number };
  'register-release': {
    release: Digest;
    changedSections: readonly string[];
    irreversible?: boolean;
    vendorUntil?: Instant;
  };
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
  'report-breach': {
    clause: string;
    status: 'firing' | 'resolved';
    /** The group it is judged by; left out: all cases together. */
    group?: string;
    /** Label of the release; left out: what serves. */
    release?: string;
    /** With the alert's id it names this firing. */
    startsAt: Instant;
    alert: string;
    value: number | null;
  };
  'open-change': {
    kind: ChangeKind;
    changedSections: readonly string[];
    reason: Digest;
    /** Closes the open delivery instead of waiting for it. */
    supersede?: boolean;
    /** The newest version of the lifecycle's model, where that is newer than what rules. */
    model?: OperatingModel;
  };
  'withdraw-change': { change: string; reason: Digest };
  'override-materiality': { materiality: 'minor' | 'material'; reason: Digest };
  'promote-to-governed': { skipped: readonly { item: string; due: Instant }[]; reason: Digest };
  'extend-pilot': { endsAt: Instant; reason: Digest };
  'end-pilot': { reason: Digest };
  'update-calendar': { calendar: CompiledCalendar };
  'accept-migration': { model: OperatingModel };
  'ratify-finding': { finding: string; reason: Digest };
  'set-legal-hold': { on: boolean; reason: Digest };
  'record-drill': {
    drill: DrillKind;
    heldAt: Instant;
    /** From the order to the target's read-back. */
    seconds: number;
    worked: boolean;
    report: Digest;
  };
  /** `release`: its label, such as r1. Without `until`, no end is known any more. */
  'note-vendor-end': { release: string; until?: Instant };
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
