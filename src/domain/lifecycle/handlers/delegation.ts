/** Who decides for whom: given by oneself only, dated, bounded, and never in a circle. */
import type { Command } from '../../commands/payloads.js';
import { rightsOf } from '../../gates/authority.js';
import { isRight } from '../../gates/delegation.js';
import type { AuthorityName, Delegation } from '../../gates/mandate.js';
import { type Rejection, reject } from '../../rejection.js';
import { GATE_NAMES, type Instant, type PersonId } from '../../vocabulary.js';
import type { Actor } from '../actor.js';
import { beginDelegation, endDelegation } from '../delegations.js';
import type { Draft } from '../draft.js';
import type { State } from '../state.js';

/** Bounds the state, and what finding the seats of a gate can cost. */
const MAX_DELEGATIONS = 20;

/** Turning a key of two is not handed on by being away: who wants that says so. */
const GATES_OF_ABSENCE = GATE_NAMES.filter((name) => name !== 'two-key');

export function delegate(draft: Draft, { actor, payload }: Command<'delegate'>): Rejection | undefined {
  const { to, authorities, gates, ends } = payload;
  const starts = payload.starts ?? draft.now;
  const given = { from: actor.person, to: [to], authorities, gates, starts, ends, absence: false };
  const refused =
    refuseDates(draft, given) ??
    refuseUnheld(draft.state, actor, authorities) ??
    refuseDelegate(draft.state, to, given) ??
    refuseCycle(draft.state, given);
  return refused ?? set(draft, given);
}

/** Out of office: the same, for everything that one holds. A second one takes the place of the first. */
export function setAbsence(draft: Draft, { actor, payload }: Command<'set-absence'>): Rejection | undefined {
  const { standIns, ends } = payload;
  const { state } = draft;
  const starts = payload.starts ?? draft.now;
  const authorities = heldBy(state, actor);
  const known = state.delegations.filter(({ absence, from }) => absence && from === actor.person);
  const given = {
    from: actor.person,
    to: standIns,
    authorities,
    gates: GATES_OF_ABSENCE,
    starts,
    ends,
    absence: true,
  };
  const others = { ...state, delegations: state.delegations.filter((each) => !known.includes(each)) };
  const refused =
    refuseDates(draft, given) ??
    standIns.reduce<Rejection | undefined>(
      (before, standIn) => before ?? refuseDelegate(others, standIn, { ...given, gates: [] }),
      undefined,
    ) ??
    refuseCycle(others, given);
  if (refused) return refused;
  for (const { id } of known) endDelegation(draft, id, 'replaced');
  return set(draft, given);
}

export function withdrawDelegation(
  draft: Draft,
  { actor, payload }: Command<'withdraw-delegation'>,
): Rejection | undefined {
  const { delegations } = draft.state;
  const found = delegations.find(({ id }) => id === payload.delegation);
  if (!found) {
    const open = delegations.map(({ id }) => id).join(', ') || 'none';
    return reject('not-found', `no delegation ${payload.delegation}; there are: ${open}`, 'delegation');
  }
  if (found.from !== actor.person && !found.to.includes(actor.person)) {
    const message = `delegation ${found.id} is taken back by ${found.from}, or given back by ${found.to.join(', ')}`;
    return reject('not-permitted', message, 'delegation');
  }
  endDelegation(draft, found.id, 'taken-back');
  return undefined;
}

function set(draft: Draft, given: Omit<Delegation, 'id' | 'began'>): Rejection | undefined {
  const { state, now } = draft;
  if (state.delegations.length >= MAX_DELEGATIONS) {
    const message = `${MAX_DELEGATIONS} delegations hold or will; take one back first`;
    return reject('limit-reached', message, 'delegation');
  }
  const id = `d${state.counters.delegations + 1}`;
  draft.emit({ type: 'DelegationSet', delegation: { id, ...given, began: false } });
  if (given.starts <= now) beginDelegation(draft, id);
  return undefined;
}

function heldBy({ rights }: State, { person, functions }: Actor): AuthorityName[] {
  return [...functions, ...rightsOf(rights, person)];
}

function refuseDates({ state, now }: Draft, { starts, ends }: { starts: Instant; ends: Instant }) {
  if (ends <= now || ends <= starts)
    return reject('over-cap', 'it ends in the future, and after it starts', 'ends');
  const longest = state.model.delegation?.longest ?? Number.POSITIVE_INFINITY;
  if (ends - Math.max(starts, now) <= longest) return undefined;
  const latest = new Date(Math.max(starts, now) + longest).toISOString();
  return reject('over-cap', `under this model it ends by ${latest}; hand the right over instead`, 'ends');
}

function refuseUnheld(state: State, actor: Actor, authorities: readonly AuthorityName[]) {
  const held = heldBy(state, actor);
  const wanting = authorities.filter((name) => !held.includes(name));
  if (wanting.length === 0) return undefined;
  const have = held.join(', ') || 'nothing';
  const message = `${actor.person} has ${have} in team ${state.team.id}, and so cannot hand on ${wanting.join(', ')}`;
  return reject('not-permitted', message, 'authorities');
}

/** Why somebody may not speak for somebody else, whatever is decided. */
function refuseDelegate(
  { team, model, rights, gates }: State,
  to: PersonId,
  given: Pick<Delegation, 'from' | 'authorities' | 'gates'>,
): Rejection | undefined {
  if (to === given.from) return reject('excluded', `${to} speaks for themselves already`, 'to');
  if (!team.members.some(({ person }) => person === to))
    return reject('not-found', `${to} is not a member of team ${team.id}`, 'to');
  if (model.editors.includes(to))
    return reject('excluded', `${to} edits the operating model and decides nothing under it`, 'to');
  const owns = { changeApprover: rights.technicalOwner, technicalOwner: rights.changeApprover };
  const clash = given.authorities
    .filter(isRight)
    .find((right) => (right === 'changeApprover' || right === 'technicalOwner') && owns[right] === to);
  if (clash !== undefined)
    return reject('right-conflict', `${to} would approve what they own as ${clash}; name another`, 'to');
  const closed = Object.values(gates).find(
    ({ name, excluded }) => given.gates.includes(name) && excluded.includes(to),
  );
  if (!closed) return undefined;
  const message = `${to} wrote or submitted what gate ${closed.id} decides, produced its evidence, or edits its policy; name another, or leave that gate out`;
  return reject('excluded', message, 'to');
}

type Bounds = Pick<Delegation, 'from' | 'to' | 'authorities' | 'gates' | 'starts' | 'ends'>;

/** The delegations by which what is given would come back to its giver; empty: by none. */
function back(given: Bounds, others: readonly Delegation[]): Delegation[] {
  const reached = new Set(given.to);
  for (const person of reached) {
    for (const { from, to } of others) if (from === person) for (const next of to) reached.add(next);
  }
  return others.filter(({ from, to }) => reached.has(from) && to.includes(given.from));
}

/** Whether it would come back to whoever gives it, as the same authority at the same gate. */
function refuseCycle({ delegations }: State, given: Bounds): Rejection | undefined {
  const meanwhile = delegations.filter(({ starts, ends }) => starts < given.ends && given.starts < ends);
  const closing = given.gates.flatMap((gate) =>
    given.authorities.flatMap((authority) => {
      const same = meanwhile.filter(
        ({ gates, authorities }) => gates.includes(gate) && authorities.includes(authority),
      );
      return back(given, same);
    }),
  );
  if (closing.length === 0) return undefined;
  const through = [...new Set(closing.map(({ id, from }) => `${id} of ${from}`))].join(', ');
  const message = `it would come back to ${given.from} by ${through}; name somebody outside the circle`;
  return reject('right-conflict', message, 'to');
}
