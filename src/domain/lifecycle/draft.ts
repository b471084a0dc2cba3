import { beginDrafting, type Drafting } from '../drafting.js';
import type { Instant } from '../vocabulary.js';
import type { Event } from './events.js';
import { evolve } from './evolve.js';
import type { State } from './state.js';

/** A decision about a lifecycle in the making. */
export interface Draft extends Drafting<State, Event> {}

/** Begins a draft on a state that itself never changes. */
export function beginDraft(start: State, now: Instant): Draft {
  return beginDrafting<State, Event>(start, now, evolve);
}
