import type { State } from './state.js';

/** What a state from before findings were known lacks: a lifecycle that was running then goes on without any. */
const LATER: Pick<State, 'findings' | 'ratified' | 'legalHold'> = {
  findings: [],
  ratified: [],
  legalHold: null,
};

/** A state as another version of this program carried it over, complete for this one. */
export function completeState(carried: State): State {
  return { ...LATER, ...carried };
}
