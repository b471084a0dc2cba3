import type { State } from '../lifecycle/state.js';
import type { ChainStep, GateRule } from '../policy.js';
import type { PersonId } from '../vocabulary.js';
import type { Seat } from './gate.js';

/** Whom a step of the escalation chain asks; empty where there is nobody, and the step falls through. */
export function chainTargets(state: State, seats: readonly Seat[], step: ChainStep): PersonId[] {
  const functions = seats.flatMap(({ authority }) => ('function' in authority ? [authority.function] : []));
  switch (step) {
    case 'delegate':
      return [];
    case 'lead':
      return [state.team.lead];
    case 'function-head':
      return [...new Set(functions.flatMap((name) => state.team.heads[name] ?? []))];
    case 'governance-head':
      return state.team.heads.governance ? [state.team.heads.governance] : [];
    case 'resolver':
      return state.rights.conflictResolver ? [state.rights.conflictResolver] : [];
  }
}

/** The steps that ask somebody: resolved once, when a clock starts, and pinned with it. */
export function chainFor(state: State, seats: readonly Seat[], rule: GateRule): ChainStep[] {
  return rule.escalation.chain.filter((step) => chainTargets(state, seats, step).length > 0);
}
