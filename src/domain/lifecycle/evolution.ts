import type { Instant } from '../vocabulary.js';
import type { EventOf, EventType } from './events.js';
import type { State } from './state.js';

/** What one event type does to the state. */
export type Evolution<T extends EventType> = (state: State, event: EventOf<T>, at: Instant) => State;
export type Evolutions = { readonly [T in EventType]: Evolution<T> };
