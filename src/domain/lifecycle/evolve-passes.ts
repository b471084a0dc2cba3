import type { Glass } from '../governance/glass.js';
import type { Evolutions } from './evolution.js';
import type { State } from './state.js';

/** Glass is kept while it passes something or is not reviewed yet. */
function changeGlass(state: State, id: string, change: Partial<Glass>): State {
  const changed = state.glass.map((glass) => (glass.id === id ? { ...glass, ...change } : glass));
  return { ...state, glass: changed.filter(({ expired, reviewed }) => !expired || !reviewed) };
}

/** Conflicts, broken glass and policy exceptions: what stands against going forward, and what passes it. */
export const evolvePasses = {
  ConflictRaised: (state, { conflict }) => ({ ...state, conflicts: [...state.conflicts, conflict] }),
  ConflictResolved: (state, { conflict }) => ({
    ...state,
    conflicts: state.conflicts.filter(({ id }) => id !== conflict),
  }),
  GlassBroken: (state, { glass }) => ({ ...state, glass: [...state.glass, glass] }),
  GlassExpired: (state, { glass }) => changeGlass(state, glass, { expired: true }),
  // What nobody stands behind passes nothing any more.
  GlassReviewed: (state, { glass, outcome }) =>
    changeGlass(state, glass, { reviewed: true, ...(outcome === 'passed' ? {} : { expired: true }) }),
  ExceptionGranted: (state, { exception }) => ({
    ...state,
    exceptions: [...state.exceptions, exception],
    counters: { ...state.counters, exceptions: state.counters.exceptions + 1 },
  }),
  ExceptionExpired: (state, { exception }) => ({
    ...state,
    exceptions: state.exceptions.filter(({ id }) => id !== exception),
  }),
  ConditionPassed: (state, { condition, to }) => ({
    ...state,
    conditions: state.conditions.map((each) => (each.id === condition ? { ...each, owner: to } : each)),
  }),
  ConditionMissed: (state, { condition }) => ({
    ...state,
    conditions: state.conditions.map((each) => (each.id === condition ? { ...each, missed: true } : each)),
  }),
} satisfies Partial<Evolutions>;
