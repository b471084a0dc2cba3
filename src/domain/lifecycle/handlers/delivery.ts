import type { Command } from '../../commands/payloads.js';
import { evidenceReasons, judgeEvidence, specInForce, speaksOfDelivery } from '../../governance/evidence.js';
import { type Rejection, reject } from '../../rejection.js';
import { materialityOf } from '../change.js';
import { deliveryOf } from '../delivery.js';
import type { Draft } from '../draft.js';
import { returnGate } from '../gate-outcomes.js';
import { openSpecificationGate, submitForReview } from '../review.js';
import { reviewGateName } from '../rules.js';
import type { Evidence, SpecPin, State } from '../state.js';

function inSpecification(state: State) {
  const delivery = deliveryOf(state);
  return delivery?.step === 'specification'
    ? delivery
    : reject('wrong-stage', 'specs are drafted and submitted while a delivery is in specification', 'stage');
}

export function draftSpec(draft: Draft, { actor, payload }: Command<'draft-spec'>): Rejection | undefined {
  const delivery = inSpecification(draft.state);
  if ('rejected' in delivery) return delivery;
  if (delivery.draft?.spec.digest === payload.spec.digest) {
    return reject('unchanged', `this is already draft ${delivery.draft.version}`, 'spec');
  }
  const version = draft.state.counters.specs + 1;
  draft.emit({ type: 'SpecDrafted', draft: { version, spec: payload.spec, author: actor.person, missing: payload.missing } });
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
  if (spec.missing.length > 0) return reject('incomplete', `the spec lacks ${spec.missing.join('; ')}`, 'spec');
  const { version, author } = spec;
  const pin: SpecPin = { version, spec: spec.spec, author, submittedBy: actor.person, frozenAt: draft.now };
  const open = draft.state.gates['specification'];
  if (open?.parts.spec === spec.spec.digest) return reject('already-open', 'this version is being decided', 'specification');
  if (open) {
    for (const { person, decision } of open.decisions) {
      const { id, generation, subject } = open;
      draft.emit({ type: 'DecisionVoided', gate: id, voided: { gate: id, generation, person, decision, subject, why: `spec version ${version} replaces it` } });
    }
    draft.emit({ type: 'GateClosed', gate: open.id, outcome: 'superseded', by: [] });
  }
  draft.emit({ type: 'SpecSubmitted', spec: pin });
  return openSpecificationGate(draft, pin);
}

export function registerRelease(draft: Draft, { actor, payload }: Command<'register-release'>): Rejection | undefined {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'implementation') {
    return reject('wrong-stage', 'a release is registered while a delivery is in implementation', 'stage');
  }
  if (delivery.release?.digest === payload.release) return reject('unchanged', 'this release is already registered', 'release');
  const { change } = delivery;
  const sections = [...new Set([...(change?.changedSections ?? []), ...payload.changedSections])];
  const materiality = change && !change.fixed ? materialityOf(state, change.kind, sections) : null;
  const release = {
    digest: payload.release,
    label: `r${state.counters.releases + 1}`,
    changedSections: payload.changedSections,
    registeredBy: actor.person,
  };
  draft.emit({ type: 'ReleaseRegistered', release, materiality: materiality === 'spec' ? null : materiality });
  return undefined;
}

function refuseEvidence(state: State, { payload }: Command<'add-evidence'>, now: number, judged: boolean): Rejection | undefined {
  if (payload.collectedAt > now) return reject('evidence-stale', 'collectedAt lies in the future', 'collectedAt');
  if (!speaksOfDelivery(state, payload.about)) {
    return reject('evidence-about-another-release', 'it speaks about neither the spec nor the release of the open delivery', 'about');
  }
  const delivery = deliveryOf(state);
  const frozenAt = delivery && delivery.step !== 'specification' ? delivery.spec.frozenAt : null;
  if (judged && frozenAt !== null && payload.collectedAt < frozenAt) {
    const frozen = new Date(frozenAt).toISOString();
    return reject('evidence-before-thresholds', `it was collected before the thresholds it is judged by were frozen at ${frozen}`, 'collectedAt');
  }
  return undefined;
}

/** Adds evidence, judged by code. What arrives during a review matters only if it fails. */
export function addEvidence(draft: Draft, command: Command<'add-evidence'>): Rejection | undefined {
  const { state, now } = draft;
  const { kind, digest, producer, independent, collectedAt, about, results } = command.payload;
  const verdicts = judgeEvidence(specInForce(state), kind, results);
  const refused = refuseEvidence(state, command, now, verdicts.length > 0);
  if (refused) return refused;
  const evidence: Evidence = { id: `e${state.counters.evidence + 1}`, kind, digest, producer, independent, collectedAt, about, verdicts };
  draft.emit({ type: 'EvidenceAdded', evidence });
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'review' || verdicts.every(({ met }) => met)) return undefined;
  const name = reviewGateName(draft.state, delivery.change?.materiality === 'minor');
  const gate = draft.state.gates[name];
  const failed = evidenceReasons(draft.state, name, now).map(({ message }) => message);
  if (gate) returnGate(draft, gate, 'returned', failed.join('; '));
  return undefined;
}

export function submitReview(draft: Draft, { actor }: Command<'submit-for-review'>): Rejection | undefined {
  return submitForReview(draft, actor.person);
}
