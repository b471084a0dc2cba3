import type { Instant } from '../vocabulary.js';
import type { Event } from './events.js';
import { evolve } from './evolve.js';
import { initial } from './initial.js';
import type { StartInput } from './start-input.js';
import type { State } from './state.js';

/**
 * The state that a lifecycle's events lead to, all of them from the first on. Throws a TypeError where they
 * do not begin with `LifecycleStarted`.
 */
export function fold(
  start: StartInput,
  events: readonly { readonly at: Instant; readonly event: Event }[],
): State {
  const [first] = events;
  if (first?.event.type !== 'LifecycleStarted')
    throw new TypeError(`the events of ${start.key} begin with ${first?.event.type ?? 'nothing'}`);
  return events.reduce((state, { event, at }) => evolve(state, event, at), initial(start, first.at));
}
