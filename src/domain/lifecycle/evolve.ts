import { evolveGates } from '../gates/evolve-gates.js';
import { evolveWatch } from '../live/evolve-watch.js';
import { countCadence } from '../release/drill-cadence.js';
import { evolveRelease } from '../release/evolve-release.js';
import type { Instant } from '../vocabulary.js';
import type { Event, EventOf, EventType } from './events.js';
import type { Evolution, Evolutions } from './evolution.js';
import { evolveDelivery } from './evolve-delivery.js';
import { evolveHolds } from './evolve-holds.js';
import { evolveOversight } from './evolve-oversight.js';
import { evolvePasses } from './evolve-passes.js';
import { evolvePolicy } from './evolve-policy.js';
import { evolveRights } from './evolve-rights.js';
import { evolveStanding } from './evolve-standing.js';
import type { State } from './state.js';

const EVOLUTIONS: Evolutions = {
  ...evolveStanding,
  ...evolveGates,
  ...evolveDelivery,
  ...evolveRelease,
  ...evolveHolds,
  ...evolveOversight,
  ...evolvePasses,
  ...evolvePolicy,
  ...evolveRights,
  // Last: it completes what others say of exposure.
  ...evolveWatch,
};

/** The next state. Pure and total: an event that was accepted once is never refused here. */
export function evolve<T extends EventType>(state: State, event: EventOf<T> | Event, at: Instant): State {
  const evolution = EVOLUTIONS[event.type] as Evolution<T>;
  const next = countCadence(state, evolution(state, event as EventOf<T>, at), at);
  return { ...next, seq: state.seq + 1 };
}
