import type { State } from '../lifecycle/state.js';
import type { ChainStep, GateRule } from '../policy.js';
import type { PersonId } from '../vocabulary.js';
import { delegatesAt, isAway, standInFor } from './delegation.js';
import type { Gate, Seat } from './gate.js';

/** The gate that a chain is about; null where it is about no gate, and so nobody speaks for anybody. */
type At = Pick<Gate, 'name' | 'excluded' | 'decisions'> | null;

/** Whose people a chain asks: those of a lifecycle, or of those who decide on operating models. */
type Asked = Pick<State, 'team' | 'rights' | 'delegations'>;

function named(state: Asked, at: At, seats: readonly Seat[], step: ChainStep): PersonId[] {
  const functions = seats.flatMap(({ authority }) => ('function' in authority ? [authority.function] : []));
  switch (step) {
    case 'delegate':
      return at
        ? delegatesAt(
            state,
            at,
            seats.map(({ authority }) => authority),
          )
        : [];
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

/**
 * Whom a step of the escalation chain asks; whoever is away is stood in for. Empty where there is nobody, and the
 * step falls through.
 */
export function chainTargets(state: Asked, at: At, seats: readonly Seat[], step: ChainStep): PersonId[] {
  const people = named(state, at, seats, step).flatMap((person) =>
    isAway(state, person) ? (standInFor(state, person) ?? []) : [person],
  );
  return [...new Set(people)];
}

/** The steps that ask somebody: resolved once, when a clock starts, and pinned with it. */
export function chainFor(
  state: Asked,
  at: At,
  seats: readonly Seat[],
  rule: Pick<GateRule, 'escalation'>,
): ChainStep[] {
  return rule.escalation.chain.filter((step) => chainTargets(state, at, seats, step).length > 0);
}
