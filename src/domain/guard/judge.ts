/**
 * Judges one action that a system is about to take, before it takes it. Pure, and in the order of what can be known for
 * sure: what is exposed, what must never happen, what may, what a person decides, and which of the rest is looked at.
 */
import type { Json } from '../json.js';
import {
  callOf,
  type GuardClause,
  type GuardCondition,
  type GuardPermission,
  type GuardRules,
  type GuardVerdict,
  type OnAttempt,
  stricter,
} from './rules.js';
import { isSampled } from './sampling.js';
import { misfit } from './shape.js';
import type { ExposedRelease, Standing } from './standing.js';

/** An action as the system proposes it; all of it is what an approval is bound to. */
export interface ProposedAction {
  /** What it is called in the spec, or the id of its clause. */
  readonly action: string;
  /** The system's own reference to the case. */
  readonly case: string;
  /** Pseudonym of whom it is about. */
  readonly person?: string;
  /** Label or digest of the release that acts; absent: whichever is exposed. */
  readonly release?: string;
  readonly amount?: number;
  /** What was measured of it, such as how sure the model is. */
  readonly measures?: { readonly [metric: string]: number };
  /** What holds of it: flags of the spec, or what it does beside, by name or id of a clause that forbids it. */
  readonly flags?: readonly string[];
  readonly output?: Json;
}

/** Why a verdict is what it is; of each there is a sentence in `contracts/guard`. */
export const GUARD_REASONS = [
  'permitted',
  'approved',
  'forbidden',
  'not-permitted',
  'over-limit',
  'amount-missing',
  'wrong-shape',
  'to-person',
  'measure-missing',
  'review-all',
  'sampled',
  'stopped',
  'not-exposed',
  'shadow',
  'cap-reached',
  'person-missing',
  'item-refused',
  'out-of-date',
  'rules-unknown',
  'caps-unknown',
  'item-unknown',
] as const;
export type GuardReason = (typeof GUARD_REASONS)[number];

export interface Judgement {
  readonly verdict: GuardVerdict;
  /** The clause that decided; null: no clause did. */
  readonly clause: string | null;
  readonly why: GuardReason;
  /** Of a review: the queue the case goes to; null: the only one. */
  readonly queue: string | null;
  /** Whether the attempt is an incident. */
  readonly incident: boolean;
}

/** The release that acts, as far as the action says; several: it does not say, and all of them count. */
export function actingReleases(
  standing: Standing,
  { release }: Pick<ProposedAction, 'release'>,
): readonly ExposedRelease[] | Judgement {
  if (standing.stoppedBy !== null) return blocked('stopped');
  const { releases } = standing;
  const acting = releases.filter(
    ({ as, label, digest }) =>
      as !== 'shadow' && (release === undefined || label === release || digest === release),
  );
  if (acting.length > 0) return acting;
  const shadowed = releases.some(
    ({ as, label, digest }) =>
      as === 'shadow' && (release === undefined || label === release || digest === release),
  );
  return blocked(shadowed ? 'shadow' : 'not-exposed');
}

/** What the rules say of an action of a release that is exposed. */
export function judgeAction(
  rules: GuardRules,
  { reviewAllBy }: Pick<Standing, 'reviewAllBy'>,
  action: ProposedAction,
): Judgement {
  const called = callOf(action.action);
  const forbidden = judgeForbidden(rules, called, action);
  if (forbidden?.verdict === 'block') return forbidden;
  const permission = judgePermission(rules, called, action);
  if (permission.verdict === 'block') return permission;
  const first = forbidden ?? (permission.verdict === 'review' ? permission : undefined);
  const condition = judgeConditions(rules, permission.clause, action);
  if (condition?.verdict === 'block') return condition;
  if (first ?? condition) return (first ?? condition) as Judgement;
  if (reviewAllBy !== null) return review(rules, null, 'review-all');
  if (isSampled(rules, action.case)) return review(rules, null, 'sampled');
  return permission;
}

/** The stricter of two judgements; of two alike, the first. */
export function stricterJudgement(one: Judgement, other: Judgement): Judgement {
  return stricter(one.verdict, other.verdict) === one.verdict ? one : other;
}

/** What is answered where something cannot be known: the spec's own default, and never milder than what was judged. */
export function unknown(
  rules: Pick<GuardRules, 'whenUnknown' | 'queue'> | null,
  why: GuardReason,
  judged?: Judgement,
): Judgement {
  const verdict = rules?.whenUnknown ?? 'block';
  const fallback = { verdict, clause: null, why, queue: rules?.queue ?? null, incident: false };
  return judged === undefined || judged.verdict === 'allow' ? fallback : stricterJudgement(judged, fallback);
}

/** A block that no clause asks for. */
export function blocked(why: GuardReason): Judgement {
  return { verdict: 'block', clause: null, why, queue: null, incident: false };
}

function attempt(rules: GuardRules, clause: string, onAttempt: OnAttempt, why: GuardReason): Judgement {
  if (onAttempt === 'review') return review(rules, clause, why);
  return { verdict: 'block', clause, why, queue: null, incident: onAttempt === 'block-and-incident' };
}

function review({ queue }: GuardRules, clause: string | null, why: GuardReason): Judgement {
  return { verdict: 'review', clause, why, queue, incident: false };
}

/** The strictest of what forbids the action, or anything that it is said to do beside; an incident before a block. */
function judgeForbidden(
  rules: GuardRules,
  called: string,
  { amount, flags = [] }: ProposedAction,
): Judgement | undefined {
  const found = (name: string): readonly GuardClause[] => rules.mustNot.get(name) ?? [];
  const attempts = [...found(called), ...flags.flatMap((flag) => found(callOf(flag)))]
    .filter(({ limit }) => limit === null || amount === undefined || amount > limit)
    .map(({ id, onAttempt }) => attempt(rules, id, onAttempt, 'forbidden'));
  return (
    attempts.find(({ incident }) => incident) ??
    attempts.find(({ verdict }) => verdict === 'block') ??
    attempts[0]
  );
}

/** One permission that fits is enough; else the mildest of what stands against each. */
function judgePermission(rules: GuardRules, called: string, action: ProposedAction): Judgement {
  const permissions = rules.may.get(called) ?? [];
  let closest: Judgement | undefined;
  for (const permission of permissions) {
    const fault = faultOf(permission, action);
    if (fault === null) {
      return { verdict: 'allow', clause: permission.id, why: 'permitted', queue: null, incident: false };
    }
    const judged = attempt(rules, permission.id, permission.onAttempt, fault);
    if (closest === undefined || (closest.verdict === 'block' && judged.verdict === 'review'))
      closest = judged;
  }
  return closest ?? blocked('not-permitted');
}

function faultOf(
  { limit, accepts }: GuardPermission,
  { amount, output }: ProposedAction,
): GuardReason | null {
  if (limit !== null && amount === undefined) return 'amount-missing';
  if (limit !== null && amount !== undefined && amount > limit) return 'over-limit';
  return accepts !== null && misfit(accepts, output) !== null ? 'wrong-shape' : null;
}

/** What is met comes before what cannot be known; an unmeasured case is at least a person's. */
function judgeConditions(
  rules: GuardRules,
  permission: string | null,
  action: ProposedAction,
): Judgement | undefined {
  let missing: GuardCondition | undefined;
  for (const condition of rules.toPerson) {
    if (condition.of !== null && (permission === null || !condition.of.includes(permission))) continue;
    const met = isMet(condition, action);
    if (met === true) {
      return { ...review(rules, condition.id, 'to-person'), queue: condition.queue };
    }
    if (met === 'unknown') missing ??= condition;
  }
  if (missing === undefined) return undefined;
  const { id, queue } = missing;
  return {
    verdict: stricter('review', rules.whenUnknown),
    clause: id,
    why: 'measure-missing',
    queue,
    incident: false,
  };
}

function isMet({ when }: GuardCondition, { measures = {}, flags = [] }: ProposedAction): boolean | 'unknown' {
  if ('flag' in when) return flags.includes(when.flag);
  const measured = Object.hasOwn(measures, when.metric) ? measures[when.metric] : undefined;
  if (measured === undefined || Number.isNaN(measured)) return 'unknown';
  switch (when.op) {
    case '<':
      return measured < when.value;
    case '<=':
      return measured <= when.value;
    case '>':
      return measured > when.value;
    case '>=':
      return measured >= when.value;
  }
}
