import { evidenceReasons } from '../governance/evidence.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import { effectiveTier, reviewGateName, rulesOf, scopingGateName } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { StepKind } from '../policy.js';
import type { Reason } from '../rejection.js';
import type { GateName, Instant } from '../vocabulary.js';

export type Place = GateName | StepKind;

/** Whether people, or their traffic in shadow, have met the candidate of the open delivery. */
export function candidateExposed(state: State): boolean {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return false;
  const { phase, step } = delivery.rollout;
  return phase.name !== 'rolled-back' && (phase.name !== 'pending' || step > 0);
}

/**
 * The state as each thing that is exposed sees it, with the place whose evidence it had to have: what serves is
 * judged by its own spec, whatever is being delivered beside it.
 */
export function exposedParts(state: State): { readonly seen: State; readonly place: Place }[] {
  const { serving } = state;
  const delivery = deliveryOf(state);
  const standing: State = { ...state, stage: 'live', delivery: null };
  return [
    ...(serving && state.stage !== 'retired' ? [{ seen: standing, place: serving.approval.gate }] : []),
    ...(delivery?.step === 'release' && candidateExposed(state)
      ? [{ seen: state, place: delivery.approval.gate }]
      : []),
  ];
}

/** Where evidence is still going to be asked for, in order. */
export function placesAhead(state: State): Place[] {
  if (state.stage === 'retired' || effectiveTier(state.tier) === 'prohibited') return [];
  const delivery = deliveryOf(state);
  const review = reviewGateName(state, delivery?.change?.materiality === 'minor');
  const steps = (rulesOf(state)?.rollout.steps ?? []).map(({ kind }) => kind);
  if (state.stage === 'scoping') {
    const exit = scopingGateName(state);
    return exit === 'start' ? [exit, ...steps] : [exit, 'specification', review, ...steps];
  }
  switch (delivery?.step) {
    case undefined:
      return [];
    case 'specification':
      return ['specification', review, ...steps];
    case 'implementation':
    case 'review':
      return [review, ...steps];
    case 'release':
      return candidateExposed(state)
        ? delivery.rollout.steps.slice(delivery.rollout.step).map(({ kind }) => kind)
        : [delivery.approval.gate, ...steps];
  }
}

/** What a place asks for in `after` and did not in `before`; both at the same instant. */
export function newlyMissing(before: State, after: State, place: Place, now: Instant): Reason[] {
  const known = evidenceReasons(before, place, now);
  return evidenceReasons(after, place, now).filter(
    ({ code, fact }) => !known.some((each) => each.code === code && each.fact === fact),
  );
}
