/** All that a spec compiles to under the rules of a lifecycle, for people to read before they approve it. */
import type { Digest } from '../digest.js';
import { authorityName } from '../gates/authority.js';
import type { SubjectParts } from '../gates/gate.js';
import { withCheckpoints } from '../gates/open.js';
import { seatsFor } from '../gates/seats.js';
import { provedBy } from '../governance/evidence-verdicts.js';
import type { Facts } from '../governance/facts.js';
import { rulesFor, scaled } from '../lifecycle/rules.js';
import type { GateRule, OperatingModel, RolloutStep, TierRules } from '../policy.js';
import { minimumSample } from '../release/judge.js';
import { stepName } from '../release/plan.js';
import { reaction } from '../release/verification.js';
import type { GateName, Mode, Tier } from '../vocabulary.js';
import { evidenceChecklist, type Requirement } from './checklist.js';
import type { Check, CheckPlace, ClauseId, CompiledSpec, OnBreach, Queue } from './spec.js';

/** Whose rules a spec is read by. */
export interface SpecReading {
  readonly mode: Mode;
  readonly tier: Tier;
  readonly facts: Facts;
  readonly model: OperatingModel;
}

interface EvidenceLine extends Requirement {
  /** What evidence of this kind speaks for, by the spec. */
  readonly proves: readonly ClauseId[];
  /** The checks among them that its results are judged by. */
  readonly judgedBy: readonly ClauseId[];
}

interface GateLine {
  readonly gate: GateName;
  /** What is signed there. */
  readonly subject: readonly (keyof SubjectParts)[];
  readonly seats: readonly { readonly id: string; readonly authority: string }[];
}

/** A check as it is judged in one place; times in milliseconds as they pass. */
interface CheckLine {
  readonly clause: ClauseId;
  readonly metric: string;
  readonly op: '<=' | '>=';
  readonly limit: number;
  readonly groups: readonly string[];
  /** null: the whole step. */
  readonly window: number | null;
  readonly failAfter: number;
  readonly minimum: number;
  readonly onBreach: OnBreach;
}

interface StepLine {
  readonly step: string;
  readonly judgedAs: CheckPlace;
  readonly window: number;
  readonly windows: number;
  readonly checks: readonly CheckLine[];
}

/** A queue with what the operating model says where the spec leaves it out. */
type QueueLine = Queue & { readonly sla: string; readonly default: 'deny' | 'manual' };

export interface SpecOverview {
  readonly spec: Digest;
  readonly evidence: readonly EvidenceLine[];
  readonly gates: readonly GateLine[];
  readonly rollout: readonly StepLine[];
  readonly live: readonly CheckLine[];
  readonly queues: readonly QueueLine[];
  readonly load: CompiledSpec['load'];
}

/** What a prohibited use case may do is nothing, so its spec comes to its clauses alone. */
export function specOverview(spec: CompiledSpec, reading: SpecReading): SpecOverview {
  const { mode, tier, model } = reading;
  const rules = rulesFor(model, mode, tier);
  return {
    spec: spec.digest,
    evidence: evidenceLines(spec, reading, rules),
    gates: rules ? gateLines(spec, reading, rules) : [],
    rollout: rules ? rules.rollout.steps.map((step) => stepLine(spec, step, reading, rules)) : [],
    live: rules ? checkLines(spec, 'live', reading, rules) : [],
    queues: rules ? spec.queues.map((queue) => withTerms(queue, rules)) : [],
    load: spec.load,
  };
}

function evidenceLines(
  spec: CompiledSpec,
  { facts, model }: SpecReading,
  rules: TierRules | null,
): EvidenceLine[] {
  const asked = evidenceChecklist(rules?.evidence ?? [], spec, { given: facts, known: model.facts });
  return asked.map((each) => {
    const proves = spec.evidence.filter(({ kind }) => kind === each.kind).flatMap((item) => item.proves);
    return { ...each, proves, judgedBy: provedBy(spec, each.kind).map(({ id }) => id) };
  });
}

type SpecGate = keyof TierRules['gates'] | 'change' | 'promotion';

/** What each gate has approved, as `openGate` is given it; exceptions come to it where there are any. */
const SUBJECTS: { readonly [G in SpecGate]: readonly (keyof SubjectParts)[] } = {
  scoping: ['brief', 'facts'],
  start: ['brief', 'facts', 'spec'],
  specification: ['spec', 'facts'],
  launch: ['spec', 'release', 'evidence'],
  readiness: ['spec', 'release', 'evidence'],
  change: ['spec', 'release', 'evidence'],
  promotion: ['act', 'facts'],
};

function gateLines(spec: CompiledSpec, { mode, model }: SpecReading, rules: TierRules): GateLine[] {
  const listed: Partial<Record<SpecGate, GateRule>> = {
    ...rules.gates,
    ...(rules.change && { change: rules.change }),
    ...(mode === 'pilot' && { promotion: model.promotion }),
  };
  return (Object.keys(SUBJECTS) as SpecGate[]).flatMap((gate) => {
    const rule = listed[gate];
    if (!rule) return [];
    const { seats } = isBeforeSpecs(gate) ? rule : withCheckpoints(rule, spec.checkpoints, gate);
    const named = seatsFor(seats).map(({ id, authority }) => ({ id, authority: authorityName(authority) }));
    return [{ gate, subject: SUBJECTS[gate], seats: named }];
  });
}

/** The exit of scoping, to which no spec adds a seat: there is none yet, or it is what is decided on. */
export function isBeforeSpecs(gate: GateName): boolean {
  return gate === 'scoping' || gate === 'start';
}

function stepLine(spec: CompiledSpec, step: RolloutStep, reading: SpecReading, rules: TierRules): StepLine {
  const judgedAs = step.kind === 'shadow' ? 'shadow' : 'canary';
  return {
    step: stepName(step),
    judgedAs,
    window: scaled(reading.model, step.window),
    windows: step.windows,
    checks: step.windows === 0 ? [] : checkLines(spec, judgedAs, reading, rules),
  };
}

function checkLines(
  { checks }: CompiledSpec,
  place: CheckPlace,
  { model }: SpecReading,
  { minSample }: TierRules,
): CheckLine[] {
  return checks
    .filter(({ at }) => at.includes(place))
    .map((check) => {
      // A shadow is judged over its whole step.
      const window = place === 'shadow' || check.window === null ? null : scaled(model, check.window);
      return checkLine(check, window, minimumSample(check, place, minSample));
    });
}

function checkLine(check: Check, window: number | null, minimum: number): CheckLine {
  const { id, metric, op, value, by, failAfter } = check;
  return {
    clause: id,
    metric,
    op,
    limit: value,
    groups: by,
    window,
    failAfter,
    minimum,
    onBreach: reaction(check),
  };
}

function withTerms(queue: Queue, { queue: terms }: TierRules): QueueLine {
  return { ...queue, sla: queue.sla ?? terms.sla, default: queue.default ?? terms.default };
}
