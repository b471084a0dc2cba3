import type { Instant } from './vocabulary.js';

/**
 * One decision in the making: each event is folded as soon as it is emitted, so that what follows is decided on the
 * state it produced. Nothing leaves until the whole of it is accepted.
 */
export interface Drafting<S, E> {
  readonly now: Instant;
  readonly state: S;
  readonly events: readonly E[];
  emit(event: E): void;
}

/** Begins on a state that itself never changes. */
export function beginDrafting<S, E>(
  start: S,
  now: Instant,
  evolve: (state: S, event: E, at: Instant) => S,
): Drafting<S, E> {
  let state = start;
  const events: E[] = [];
  return {
    now,
    get state() {
      return state;
    },
    events,
    emit(event) {
      events.push(event);
      state = evolve(state, event, now);
    },
  };
}
