import type { Command } from '../../commands/payloads.js';
import { freshnessOf, speaksOfDelivery, specInForce, thresholdsSince } from '../../governance/evidence.js';
import { judgeEvidence } from '../../governance/evidence-verdicts.js';
import { type Rejection, reject } from '../../rejection.js';
import { candidateUnderWay } from '../../release/rollback.js';
import { materialityOf } from '../change.js';
import { deliveryOf } from '../delivery.js';
import type { Draft } from '../draft.js';
import { decidesDelivery, supersedeGate } from '../gate-closing.js';
import { returnGate } from '../gate-outcomes.js';
import { machineHold } from '../holds.js';
import { openSpecificationGate, submitForReview } from '../review.js';
import type { Evidence, ImplementationDelivery, Materiality, SpecPin, State } from '../state.js';

function inSpecification(state: State) {
  const delivery = deliveryOf(state);
  return delivery?.step === 'specification'
    ? delivery
    : reject('wrong-stage', 'specs are drafted and submitted while a delivery is in specification', 'stage');
}

/** What was being built goes back with the spec: another one is drafted, and approved before anything is built on it. */
function reconsider(draft: Draft): void {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'implementation') return;
  draft.emit({
    type: 'DeliveryReturned',
    n: delivery.n,
    step: 'specification',
    stage: state.stage === 'live' ? 'live' : 'specification',
    dropped: false,
    why: 'another spec is drafted',
    clauses: [],
  });
}

export function draftSpec(draft: Draft, { actor, payload }: Command<'draft-spec'>): Rejection | undefined {
  reconsider(draft);
  const delivery = inSpecification(draft.state);
  if ('rejected' in delivery) return delivery;
  if (delivery.draft?.spec.digest === payload.spec.digest) {
    return reject('unchanged', `this is already draft ${delivery.draft.version}`, 'spec');
  }
  const version = draft.state.counters.specs + 1;
  draft.emit({
    type: 'SpecDrafted',
    draft: { version, spec: payload.spec, author: actor.person, missing: payload.missing },
  });
  return undefined;
}

/** Freezes the draft. A newer version submitted while the gate is open voids what was decided on the older one. */
export function submitSpec(draft: Draft, { actor, payload }: Command<'submit-spec'>): Rejection | undefined {
  const delivery = inSpecification(draft.state);
  if ('rejected' in delivery) return delivery;
  const spec = delivery.draft;
  if (spec?.version !== payload.version) {
    const latest = spec ? `the latest draft is version ${spec.version}` : 'nothing was drafted yet';
    return reject('no-such-version', `no draft of version ${payload.version}; ${latest}`, 'version');
  }
  if (spec.missing.length > 0)
    return reject('incomplete', `the spec lacks ${spec.missing.join('; ')}`, 'spec');
  const { version, author } = spec;
  const pin: SpecPin = { version, spec: spec.spec, author, submittedBy: actor.person, frozenAt: draft.now };
  const open = draft.state.gates.specification;
  if (open?.parts.spec === spec.spec.digest)
    return reject('already-open', 'this version is being decided', 'specification');
  if (open) {
    supersedeGate(draft, open, `spec version ${version} replaces it`);
  }
  draft.emit({ type: 'SpecSubmitted', spec: pin });
  return openSpecificationGate(draft, pin);
}

export function registerRelease(
  draft: Draft,
  { actor, payload }: Command<'register-release'>,
): Rejection | undefined {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'implementation') {
    return reject('wrong-stage', 'a release is registered while a delivery is in implementation', 'stage');
  }
  if (delivery.release?.digest === payload.release)
    return reject('unchanged', 'this release is already registered', 'release');
  const release = {
    digest: payload.release,
    label: `r${state.counters.releases + 1}`,
    changedSections: payload.changedSections,
    registeredBy: actor.person,
    ...(payload.irreversible ? { irreversible: true as const } : {}),
    ...(payload.vendorUntil === undefined ? {} : { vendorUntil: payload.vendorUntil }),
  };
  const materiality = materialityNow(state, delivery, payload.changedSections);
  draft.emit({ type: 'ReleaseRegistered', release, materiality });
  return undefined;
}

/**
 * What a change is, now that its release says what it touches; null where that stays as it is. What two keys
 * lowered stands for the sections that they knew of, and a spec that is not the serving one is never minor.
 */
function materialityNow(
  state: State,
  { change, spec }: ImplementationDelivery,
  declared: readonly string[],
): Materiality | null {
  if (!change) return null;
  const known = declared.every((section) => change.changedSections.includes(section));
  if (change.fixed && (change.materiality !== 'minor' || known)) return null;
  const sections = [...new Set([...change.changedSections, ...declared])];
  const materiality = materialityOf(state, change.kind, sections);
  if (materiality === 'spec' || change.materiality === 'spec') return null;
  return spec.spec.digest === state.serving?.spec.spec.digest ? materiality : 'material';
}

/** Bounds the state: of each kind the latest is kept. */
const MAX_KINDS = 40;

function refuseEvidence(
  state: State,
  { payload }: Command<'add-evidence'>,
  now: number,
  judged: boolean,
): Rejection | undefined {
  if (payload.collectedAt > now)
    return reject('evidence-stale', 'collectedAt lies in the future', 'collectedAt');
  if (!speaksOfDelivery(state, payload.about)) {
    return reject(
      'evidence-about-another-release',
      'it speaks about neither the spec nor the release of the open delivery',
      'about',
    );
  }
  if (state.engine >= 3 && judged && payload.about.length === 0) {
    const message = 'results that are judged say what they are about: name the release, or the spec';
    return reject('evidence-about-another-release', message, 'about');
  }
  const freshness = freshnessOf(state, payload.kind);
  if (state.engine >= 3 && freshness !== null && now - payload.collectedAt > freshness) {
    const days = Math.round(freshness / 86_400_000);
    const message = `evidence ${payload.kind} counts for ${days} days, and this is older; collect it again`;
    return reject('evidence-stale', message, 'collectedAt');
  }
  const frozenAt = thresholdsSince(state);
  if (judged && frozenAt !== null && payload.collectedAt < frozenAt) {
    const frozen = new Date(frozenAt).toISOString();
    return reject(
      'evidence-before-thresholds',
      `it was collected before the thresholds it is judged by were frozen at ${frozen}`,
      'collectedAt',
    );
  }
  const kinds = new Set(state.evidence.map(({ kind }) => kind).concat(payload.kind));
  if (kinds.size <= MAX_KINDS) return undefined;
  return reject('limit-reached', `evidence of ${MAX_KINDS} kinds is kept, no more; use one of them`, 'kind');
}

/** Adds evidence, judged by code. What arrives during a review or a rollout matters only if it fails. */
export function addEvidence(draft: Draft, command: Command<'add-evidence'>): Rejection | undefined {
  const { state, now } = draft;
  const { kind, digest, producer, independent, collectedAt, about, results } = command.payload;
  const verdicts = judgeEvidence(specInForce(state), kind, results, state.engine);
  const refused = refuseEvidence(state, command, now, verdicts.length > 0);
  if (refused) return refused;
  const evidence: Evidence = {
    id: `e${state.counters.evidence + 1}`,
    kind,
    digest,
    producer,
    independent,
    collectedAt,
    about,
    verdicts,
  };
  draft.emit({ type: 'EvidenceAdded', evidence });
  const failed = verdicts.filter(({ met }) => !met).map(({ clause }) => clause);
  if (failed.length > 0) failedLater(draft, `evidence ${kind} does not meet ${failed.join(', ')}`);
  return undefined;
}

/** An approval still open goes back; one already given is not what it was given for, so nothing moves forward. */
function failedLater(draft: Draft, why: string): void {
  const { state } = draft;
  const gate = Object.values(state.gates).find(decidesDelivery);
  if (deliveryOf(state)?.step === 'review' && gate) returnGate(draft, gate, 'returned', why);
  const known = state.holds.some(({ source, scope }) => source === 'verification' && scope === 'candidate');
  if (candidateUnderWay(state) && !known) {
    machineHold(draft, { effect: 'forward', scope: 'candidate', source: 'verification' });
  }
}

export function submitReview(draft: Draft, { actor }: Command<'submit-for-review'>): Rejection | undefined {
  return submitForReview(draft, actor.person);
}
