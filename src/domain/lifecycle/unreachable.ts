/**
 * What follows when somebody cannot be told what waits for them: others are asked sooner. Anybody who reaches the
 * Temporal server can claim it, so it grants nothing, moves no deadline, and is heard once.
 */
import { candidatesFor } from '../gates/eligible.js';
import type { Gate } from '../gates/gate.js';
import { openSeats } from '../gates/seats.js';
import { type Rejection, reject } from '../rejection.js';
import type { PersonId } from '../vocabulary.js';
import { escalate } from './deadlines.js';
import type { Draft } from './draft.js';
import { KEPT_UNREACHED } from './evolve-standing.js';
import { raiseNotice } from './notices.js';
import type { Silence, State, Unreached } from './state.js';

/** Records that a person was not reached, and asks the next ones: those of the gate's chain, or else the lead. */
export function noteUnreachable(
  draft: Draft,
  { notice, person, gate: id }: Unreached,
): Rejection | undefined {
  const { state } = draft;
  const gate = id === null ? undefined : state.gates[id];
  if (!concerns(state, notice, person, gate) || (id !== null && gate === undefined))
    return reject('unchanged', `nothing waits for ${person} there any more`);
  if (state.unreached.some((known) => isKnown(known, notice, person, id)))
    return reject('unchanged', `that ${person} is not reached is known`);
  // Forgetting the oldest would let them count anew, and so on without end.
  if (state.unreached.length >= KEPT_UNREACHED)
    return reject('unchanged', 'as many people as are kept are known not to be reached');
  draft.emit({ type: 'PersonUnreachable', notice, person, gate: id });
  if (gate && isAsked(gate) && !anybodyReachable(draft.state, gate, person)) escalate(draft, gate.id);
  else tellLead(draft, person, gate);
  return undefined;
}

/** Whether the notice was ever raised, for somebody who is known and has not answered since. */
function concerns(state: State, notice: string, person: PersonId, gate: Gate | undefined): boolean {
  const raised = /^n([1-9]\d{0,8})$/.test(notice) && Number(notice.slice(1)) <= state.counters.notices;
  if (!raised || state.stage === 'retired' || !knownPeople(state).has(person)) return false;
  return !gate?.decisions.some((given) => given.person === person);
}

/** Everybody who may ever be told anything: so many, and no more, can be said not to be reached. */
function knownPeople({ team, rights, offers, conditions }: State): ReadonlySet<PersonId> {
  return new Set([
    team.lead,
    ...Object.values(team.heads),
    ...team.members.map((member) => member.person),
    ...Object.values(rights).flat(),
    ...Object.values(offers),
    ...conditions.map(({ owner }) => owner),
  ]);
}

/**
 * At each gate a person is not reached once, however many notices say so; of anything else once at all, and never with
 * a notice that only told of such a silence, because each would be the cause of the next.
 */
function isKnown(known: Silence, notice: string, person: PersonId, gate: string | null): boolean {
  if (gate !== null) return known.person === person && known.gate === gate;
  return known.person === person || known.told === notice;
}

function isAsked({ status, clock }: Gate): boolean {
  return status === 'open' && clock.pausedAt === null;
}

/** Whether the gate can do without this person: every open seat that they might fill has somebody else who may know of it. */
function anybodyReachable(state: State, gate: Gate, person: PersonId): boolean {
  const silent = new Set(
    state.unreached.filter((known) => known.gate === gate.id).map((known) => known.person),
  );
  const theirs = openSeats(gate)
    .map((seat) => candidatesFor(state, gate, seat))
    .filter((people) => people.includes(person));
  // Whoever fills no seat was asked by the chain, which then goes on.
  return theirs.length > 0 && theirs.every((people) => people.some((one) => !silent.has(one)));
}

function tellLead(draft: Draft, person: PersonId, gate: Gate | undefined): void {
  const { lead } = draft.state.team;
  const to = lead === person ? [] : [lead];
  raiseNotice(draft, { kind: 'escalation', to, gate: gate?.id ?? null, due: gate?.clock.due ?? null });
}
