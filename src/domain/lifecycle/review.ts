import { digestOf } from '../digest.js';
import type { SubjectParts } from '../gates/gate.js';
import { announceGate, openGate, prepareGate, withCheckpoints } from '../gates/open.js';
import { evidenceReasons, speaksOfDelivery } from '../governance/evidence.js';
import { isExcepted } from '../governance/exception.js';
import { type Reason, type Rejection, reject, rejectAll } from '../rejection.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { currentDelivery, deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { gateRule, refuseWhileHeld, reviewGateName, rulesOf, scopingGateName } from './rules.js';
import type { SpecPin, State } from './state.js';

/** Evidence that a subject includes: what speaks of this delivery. */
function evidenceOf(state: State) {
  return state.evidence.filter(({ about }) => speaksOfDelivery(state, about));
}

/** Exceptions are part of what is signed; without any the subject says nothing of them. */
function exceptionsOf(state: State, now: Instant): SubjectParts {
  const delivery = currentDelivery(state);
  const inForce = state.exceptions.filter((one) => one.delivery === delivery && now < one.until);
  return inForce.length > 0 ? { exceptions: inForce.map(({ id }) => id) } : {};
}

function unique(people: readonly (PersonId | undefined)[]): PersonId[] {
  return [...new Set(people.flatMap((person) => person ?? []))];
}

/** What the exit of scoping decides: the brief, the facts and, for a pilot, its light spec. */
export function scopingParts(state: State): SubjectParts {
  const { spec } = state.pilot?.spec ?? {};
  return { brief: state.brief.digest, facts: digestOf(state.facts), ...(spec ? { spec: spec.digest } : {}) };
}

/** Opens the exit of scoping; for a pilot its start. */
export function openScopingGate(draft: Draft, openedBy: PersonId): Rejection | undefined {
  const { state } = draft;
  const name = scopingGateName(state);
  const rule = gateRule(state, name);
  if (!rule) return reject('gate-not-listed', `mode and tier list no ${name} gate`, name);
  const missing = rejectAll(evidenceReasons(state, name, draft.now));
  if (missing) return missing;
  const producers = evidenceOf(state).map(({ producer }) => producer);
  const { spec, release } = state.pilot ?? {};
  const authors = [state.brief.author, spec?.author, spec?.submittedBy, release?.registeredBy];
  const excluded = unique([...authors, ...state.model.editors, ...producers]);
  return openGate(draft, { id: name, name, rule, openedBy, parts: scopingParts(state), excluded, act: null });
}

/** Asks for approval of a frozen spec; where no such gate is listed, a valid spec is enough. */
export function openSpecificationGate(draft: Draft, spec: SpecPin): Rejection | undefined {
  const { state } = draft;
  const name = 'specification';
  const listed = gateRule(state, name);
  const missing = rejectAll(evidenceReasons(state, name, draft.now));
  if (missing) return missing;
  if (!rulesOf(state)) return reject('prohibited', 'no gate opens on a prohibited use case', 'tier');
  if (!listed) {
    const held = refuseWhileHeld(state);
    if (!held) moveTo(draft, 'implementation', null);
    return held;
  }
  const rule = withCheckpoints(listed, spec.spec.checkpoints, name);
  const parts = { spec: spec.spec.digest, facts: digestOf(state.facts), ...exceptionsOf(state, draft.now) };
  const producers = evidenceOf(state).map(({ producer }) => producer);
  const excluded = unique([spec.author, spec.submittedBy, ...producers, ...state.model.editors]);
  return openGate(draft, { id: name, name, rule, openedBy: spec.submittedBy, parts, excluded, act: null });
}

/** Moves the open delivery on; a launch takes the lifecycle's stage with it. */
export function moveTo(draft: Draft, step: 'implementation' | 'review', by: PersonId | null): void {
  const delivery = deliveryOf(draft.state);
  if (!delivery) return;
  const stage = draft.state.stage === 'live' ? 'live' : step;
  draft.emit({ type: 'DeliveryMoved', n: delivery.n, step, stage, by });
}

/** Freezes spec, release and evidence as one subject and asks for its approval. */
export function submitForReview(draft: Draft, by: PersonId): Rejection | undefined {
  const { state, now } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'implementation')
    return reject('wrong-stage', 'there is nothing in implementation to submit');
  const { release, spec } = delivery;
  if (!release) return reject('incomplete', 'register a release first', 'release');
  const name = reviewGateName(state, delivery.change?.materiality === 'minor');
  const rule = gateRule(state, name);
  if (!rule) return reject('gate-not-listed', `mode and tier list no ${name} gate`, name);
  const missing = rejectAll([...evidenceReasons(state, name, now), ...loadReasons(spec, state, now)]);
  if (missing) return missing;
  const evidence = evidenceOf(state);
  const excluded = unique([
    spec.author,
    spec.submittedBy,
    release.registeredBy,
    by,
    ...evidence.map(({ producer }) => producer),
    ...state.model.editors,
  ]);
  const digests = evidence.map(({ digest }) => digest).sort();
  const parts = {
    spec: spec.spec.digest,
    release: release.digest,
    evidence: digests,
    ...exceptionsOf(state, now),
  };
  const seated = withCheckpoints(rule, spec.spec.checkpoints, name);
  const gate = prepareGate(state, now, {
    id: name,
    name,
    rule: seated,
    openedBy: by,
    parts,
    excluded,
    act: null,
  });
  if ('rejected' in gate) return gate;
  moveTo(draft, 'review', by);
  announceGate(draft, gate);
  return undefined;
}

/** Review stays shut while the queues could not carry the load that the spec itself allows. */
export function loadReasons({ spec }: SpecPin, state: State, now: Instant): Reason[] {
  const { load } = spec;
  if (!load || load.needed <= load.available) return [];
  if (isExcepted(state.exceptions, currentDelivery(state), 'queue-load', now)) return [];
  return [
    {
      code: 'incomplete',
      message: `the queues cannot carry the load: ${load.arithmetic}`,
      fact: 'queues',
    },
  ];
}
