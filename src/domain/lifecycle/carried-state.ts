import { NO_WATCH } from '../live/watch.js';
import { NO_DRILLS } from '../release/drill.js';
import type { State } from './state.js';

/** What a state from before findings were known lacks: a lifecycle that was running then goes on without any. */
const LATER: Pick<
  State,
  | 'conflicts'
  | 'exceptions'
  | 'glass'
  | 'handovers'
  | 'doubted'
  | 'askedAfter'
  | 'delegations'
  | 'remediations'
  | 'nextModel'
  | 'findings'
  | 'ratified'
  | 'legalHold'
  | 'unreached'
  | 'watch'
  | 'drills'
> = {
  conflicts: [],
  exceptions: [],
  glass: [],
  remediations: [],
  nextModel: null,
  findings: [],
  ratified: [],
  legalHold: null,
  unreached: [],
  watch: NO_WATCH,
  drills: NO_DRILLS,
  handovers: [],
  doubted: [],
  askedAfter: [],
  delegations: [],
};

const COUNTED_LATER: Pick<State['counters'], 'delegations' | 'exceptions'> = {
  delegations: 0,
  exceptions: 0,
};

/** A state as another version of this program carried it over, complete for this one. */
export function completeState(carried: State): State {
  return { ...LATER, ...carried, counters: { ...COUNTED_LATER, ...carried.counters } };
}
