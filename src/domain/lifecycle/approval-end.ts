/** An approval that may no longer be used: it is asked for again, on the same candidate. */
import { formerHolders } from '../gates/authority.js';
import { exposureKey } from '../release/exposure.js';
import { candidateUnderWay, rollBackCandidate, rollBackServing } from '../release/rollback.js';
import type { PersonId } from '../vocabulary.js';
import { answeringFor } from './approval.js';
import { deliveryOf } from './delivery.js';
import { doubt } from './doubt.js';
import type { Draft } from './draft.js';
import { submitForReview } from './review.js';

/** The approval was not used in time. */
export function lapse(draft: Draft): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release') return;
  draft.emit({ type: 'ApprovalLapsed', gate: delivery.approval.gate, end: 'start-by' });
  askAgain(draft, 'approval lapsed before the rollout began');
}

/** Approvers are no longer eligible when the effect runs: what is exposed already is taken back. */
export function refuseExposure(draft: Draft, people: readonly PersonId[]): void {
  const { fence } = draft.state.exposure;
  draft.emit({ type: 'ExposureRefused', key: exposureKey(draft.state.key, fence), fence, people });
  const why = `no longer eligible: ${people.join(', ')}`;
  const answering = answeringFor(draft.state);
  const approvers = answering?.approval.approvers ?? [];
  const behind = approvers.filter(({ person }) => people.includes(person));
  doubt(draft, [...people, ...behind.flatMap(({ mandate }) => mandate?.from ?? [])]);
  const cause = { source: 'eligibility', reason: null, by: null, verified: true, why } as const;
  if (answering?.what === 'serving') rollBackServing(draft, cause);
  if (answering?.what !== 'candidate') return;
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release' || !candidateUnderWay(draft.state)) return;
  const { step, phase } = delivery.rollout;
  const exposed = step > 0 || (phase.name !== 'pending' && phase.name !== 'exposing');
  if (exposed) rollBackCandidate(draft, cause);
  else askAgain(draft, why);
}

/** A delegation by which somebody approved is gone, and not by its date, before anything was exposed. */
export function askWithoutDelegation(draft: Draft, id: string): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release') return;
  const { phase, step } = delivery.rollout;
  if (step > 0 || phase.name !== 'pending') return;
  const leant = delivery.approval.approvers.some(({ mandate }) => mandate?.delegation === id);
  if (leant) askAgain(draft, `delegation ${id} was taken back`);
}

/** A right may have gone to somebody else between the approval and the first exposure. */
export function askFormerHolders(draft: Draft): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release') return;
  const { phase, step } = delivery.rollout;
  if (step > 0 || phase.name !== 'pending') return;
  const people = formerHolders(draft.state.rights, delivery.approval.approvers);
  if (people.length > 0) askAgain(draft, `no longer eligible: ${people.join(', ')}`);
}

/** Takes an approved delivery back to review at once; what is no longer complete stays in implementation. */
export function askAgain(draft: Draft, why: string): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release') return;
  const { gate, approvers, subject } = delivery.approval;
  const generation = draft.state.generations[gate] ?? 0;
  for (const { person } of approvers) {
    const voided = { gate, generation, person, decision: 'approve', subject, why } as const;
    draft.emit({ type: 'DecisionVoided', gate, voided });
  }
  draft.emit({
    type: 'DeliveryReturned',
    n: delivery.n,
    step: 'implementation',
    stage: draft.state.stage === 'live' ? 'live' : 'implementation',
    dropped: false,
    why,
    clauses: [],
  });
  submitForReview(draft, delivery.spec.submittedBy);
}
