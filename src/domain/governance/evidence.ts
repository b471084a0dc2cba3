/** Which evidence a gate or a rollout step asks for, and what the given evidence is worth. */
import type { Digest } from '../digest.js';
import { currentDelivery, deliveryOf } from '../lifecycle/delivery.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { StepKind } from '../policy.js';
import type { Reason } from '../rejection.js';
import { drillEvidence } from '../release/drills.js';
import { evidenceChecklist, type Requirement } from '../spec/checklist.js';
import type { CompiledSpec } from '../spec/spec.js';
import type { GateName, Instant } from '../vocabulary.js';
import { controlOf } from './control.js';
import { provedBy, shortfallOf } from './evidence-verdicts.js';
import { isExcepted } from './exception.js';

type Place = GateName | StepKind;

/** Every exit of review asks for the same evidence, whatever the tier calls its gate. */
const REVIEW_EXITS: readonly string[] = ['launch', 'readiness', 'change'];

function samePlace(before: string, place: Place): boolean {
  return before === place || (REVIEW_EXITS.includes(before) && REVIEW_EXITS.includes(place));
}

/** The spec that evidence is judged by: the frozen one, or the draft before it is frozen. */
export function specInForce(state: State): CompiledSpec | null {
  const delivery = deliveryOf(state);
  if (delivery?.step === 'specification') return (delivery.submitted ?? delivery.draft)?.spec ?? null;
  return delivery?.spec.spec ?? state.serving?.spec.spec ?? state.pilot?.spec.spec ?? null;
}

/** What must be there before the places that count: the model's kinds and the spec's own. */
function requirements(state: State, counts: (before: string) => boolean): Requirement[] {
  const facts = { given: state.facts, known: state.model.facts };
  return evidenceChecklist(
    (rulesOf(state)?.evidence ?? []).filter(({ before }) => counts(before)),
    { evidence: (specInForce(state)?.evidence ?? []).filter(({ before }) => counts(before)) },
    facts,
  );
}

/** How old evidence of a kind may be for the most patient of those who ask for it, milliseconds; null: no limit. */
export function freshnessOf(state: State, kind: string): number | null {
  const asking = requirements(state, () => true).filter((asked) => asked.kind === kind);
  const ages = asking.flatMap(({ maxAge }) => maxAge ?? []);
  return ages.length > 0 && ages.length === asking.length ? Math.max(...ages) : null;
}

/** Since when the thresholds that evidence is judged by are frozen; null while they may still change. */
export function thresholdsSince(state: State): Instant | null {
  const delivery = deliveryOf(state);
  return delivery && delivery.step !== 'specification' ? delivery.spec.frozenAt : null;
}

/** Digests that evidence may speak about: those of the open delivery, else of what serves or is to start. */
function subjects(state: State): Digest[] {
  const delivery = deliveryOf(state);
  if (!delivery) {
    const standing = state.serving ?? state.pilot;
    return standing ? [standing.spec.spec.digest, standing.release.digest] : [];
  }
  if (delivery.step === 'specification')
    return (delivery.submitted ?? delivery.draft) ? [specInForce(state)?.digest ?? ''] : [];
  return [delivery.spec.spec.digest, ...(delivery.release ? [delivery.release.digest] : [])];
}

/** Evidence that names what it speaks about counts only for that: an earlier release of the same spec is another. */
export function speaksOfDelivery(state: State, about: readonly Digest[]): boolean {
  const known = subjects(state);
  return about.every((digest) => known.includes(digest));
}

/** A shadow's evidence is the shadow step itself, once it has passed. */
function shadowPassed(state: State): boolean {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return false;
  const { steps, step } = delivery.rollout;
  return steps.slice(0, step).some(({ kind }) => kind === 'shadow');
}

function against(state: State, requirement: Requirement, now: Instant): Reason | undefined {
  const { kind, maxAge, independent, clause } = requirement;
  const asked = clause === null ? kind : `${kind} (${clause})`;
  if (kind === 'shadow' && shadowPassed(state)) return undefined;
  const given =
    state.evidence.find((evidence) => evidence.kind === kind && speaksOfDelivery(state, evidence.about)) ??
    drillEvidence(state, kind);
  if (!given)
    return {
      code: 'evidence-missing',
      message: `evidence ${asked} is missing; add it with add-evidence`,
      fact: kind,
    };
  if (independent && !given.independent) {
    return {
      code: 'evidence-missing',
      message: `evidence ${asked} must come from somebody outside the team`,
      fact: kind,
    };
  }
  if (maxAge !== null && now - given.collectedAt > maxAge) {
    const days = Math.round(maxAge / 86_400_000);
    return {
      code: 'evidence-stale',
      message: `evidence ${asked} is older than ${days} days; collect it again`,
      fact: kind,
    };
  }
  const frozenAt = thresholdsSince(state);
  if (frozenAt !== null && given.collectedAt < frozenAt && provedBy(specInForce(state), kind).length > 0) {
    const message = `evidence ${asked} is older than the thresholds it is judged by; collect it again`;
    return { code: 'evidence-before-thresholds', message, fact: kind };
  }
  const unmet = given.verdicts.filter(({ met }) => !met).map(shortfallOf);
  if (unmet.length === 0) return undefined;
  return {
    code: 'evidence-failed',
    message: `evidence ${asked} does not meet ${unmet.join(', ')}`,
    fact: kind,
  };
}

/** Everything that is missing, stale or failed for a place and not excepted; empty means complete. */
export function evidenceReasons(state: State, place: Place, now: Instant): Reason[] {
  const asked = requirements(state, (before) => samePlace(before, place));
  const reasons = asked.flatMap((requirement) => against(state, requirement, now) ?? []);
  if (state.exceptions.length === 0) return reasons;
  const delivery = currentDelivery(state);
  return reasons.filter((reason) => !isExcepted(state.exceptions, delivery, controlOf(reason), now));
}
