import type { PersonId } from '../vocabulary.js';
import type { Delivery, State } from './state.js';

/** The open delivery, if there is one. */
export function deliveryOf(state: State): Delivery | null {
  return state.stage === 'scoping' || state.stage === 'retired' ? null : state.delivery;
}

/** The number of the open delivery; null without one. */
export function currentDelivery(state: State): number | null {
  return deliveryOf(state)?.n ?? null;
}

/** Who wrote, submitted or registered what is being delivered, each once. */
export function authorsOf(state: State): PersonId[] {
  const delivery = deliveryOf(state);
  if (!delivery) return [];
  const spec = delivery.step === 'specification' ? delivery.submitted : delivery.spec;
  const release = delivery.step === 'specification' ? null : delivery.release;
  const draft = delivery.step === 'specification' ? delivery.draft?.author : undefined;
  const authors = [draft, spec?.author, spec?.submittedBy, release?.registeredBy];
  return [...new Set(authors.flatMap((author) => author ?? []))];
}

/** Puts the delivery where it stands: a launch moves the stage with it, a change leaves it `live`. */
export function placeDelivery(state: State, delivery: Delivery): State {
  if (state.stage === 'live') return { ...state, delivery };
  switch (delivery.step) {
    case 'specification':
      return { ...state, stage: 'specification', delivery };
    case 'implementation':
      return { ...state, stage: 'implementation', delivery };
    case 'review':
      return { ...state, stage: 'review', delivery };
    case 'release':
      return { ...state, stage: 'release', delivery };
  }
}

/** The same, with the delivery changed by a function that keeps its step. */
export function updateDelivery(state: State, change: (delivery: Delivery) => Delivery): State {
  const delivery = deliveryOf(state);
  return delivery ? placeDelivery(state, change(delivery)) : state;
}
