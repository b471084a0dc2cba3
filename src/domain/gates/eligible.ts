import type { Rights, State, Team } from '../lifecycle/state.js';
import type { Authority } from '../policy.js';
import type { PersonId } from '../vocabulary.js';
import { holdersOf, rightsOf, speaksFor } from './authority.js';
import { isAway, voiceAt } from './delegation.js';
import type { Gate, Seat } from './gate.js';
import { matchSeats, wouldFill } from './seats.js';

/** Everyone the team or a right knows, with what they can speak for. */
function known(team: Team, rights: Rights) {
  const people = new Map(team.members.map(({ person, functions }) => [person, functions]));
  for (const right of Object.keys(rights) as (keyof Rights)[]) {
    for (const holder of holdersOf(rights, right)) if (!people.has(holder)) people.set(holder, []);
  }
  return [...people].map(([person, functions]) => ({ person, functions, rights: rightsOf(rights, person) }));
}

/** People who could speak for an authority. */
export function peopleFor(team: Team, rights: Rights, authority: Authority): PersonId[] {
  return known(team, rights)
    .filter((who) => speaksFor(authority, who))
    .map(({ person }) => person);
}

/**
 * People who could fill a seat of an open gate and have not answered there, delegates among them. Where none fits
 * it directly, those who would take the seat of somebody who does. Whoever is away is left out, unless all are.
 */
export function candidatesFor(
  state: Pick<State, 'team' | 'rights' | 'delegations'>,
  gate: Gate,
  seat: Seat,
): PersonId[] {
  const answered = new Set(gate.decisions.map(({ person }) => person));
  const helping = known(state.team, state.rights)
    .filter(({ person }) => !gate.excluded.includes(person) && !answered.has(person))
    .map(
      (who): ReturnType<typeof voiceAt> => (state.delegations.length > 0 ? voiceAt(state, gate, who) : who),
    )
    .filter((who) => wouldFill(gate, who, seat));
  const direct = helping.filter((who) =>
    [who, ...(who.mandates ?? [])].some((voice) => speaksFor(seat.authority, voice)),
  );
  const able = (direct.length > 0 ? direct : helping).map(({ person }) => person);
  const there = able.filter((person) => !isAway(state, person));
  return there.length > 0 ? there : able;
}

/** Seats that no choice of distinct, eligible people could fill. Empty means the gate can be passed. */
export function unstaffedSeats(
  seats: readonly Seat[],
  team: Team,
  rights: Rights,
  excluded: readonly PersonId[],
): Seat[] {
  const people = known(team, rights).filter(({ person }) => !excluded.includes(person));
  const matched = matchSeats(seats, people.length, (index, seat) => {
    const who = people[index];
    return who !== undefined && speaksFor(seat.authority, who);
  });
  return seats.filter(({ id }) => !matched.has(id));
}
