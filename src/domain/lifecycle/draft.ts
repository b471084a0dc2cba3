import type { Instant } from '../vocabulary.js';
import type { Event } from './events.js';
import { evolve } from './evolve.js';
import type { State } from './state.js';

/**
 * One decision in the making: each event is folded as soon as it is emitted, so that what follows is
 * decided on the state it produced. Nothing leaves until the whole of it is accepted.
 */
export interface Draft {
  readonly now: Instant;
  readonly state: State;
  readonly events: readonly Event[];
  emit(event: Event): void;
}

/** Begins a draft on a state that itself never changes. */
export function beginDraft(start: State, now: Instant): Draft {
  let state = start;
  const events: Event[] = [];
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
