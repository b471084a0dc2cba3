/** Whose voice somebody has at a gate, read from the delegations that hold now. */
import type { State } from '../lifecycle/state.js';
import type { Authority } from '../policy.js';
import { type BusinessFunction, type PersonId, RIGHTS, type Right } from '../vocabulary.js';
import { holdersOf, rightsOf, speaksFor } from './authority.js';
import type { Decision, Gate } from './gate.js';
import type { AuthorityName, Delegation, Mandate } from './mandate.js';
import { isApproval } from './seats.js';

type At = Pick<Gate, 'name' | 'excluded' | 'decisions'>;
type Known = Pick<State, 'delegations' | 'rights'>;

export function isRight(name: AuthorityName): name is Right {
  return (RIGHTS as readonly string[]).includes(name);
}

/** Whether somebody is out of office now. */
export function isAway({ delegations }: Pick<State, 'delegations'>, person: PersonId): boolean {
  return delegations.some(({ absence, began, from }) => absence && began && from === person);
}

/** Who is told in place of somebody who is away: the first of their stand-ins who is there; undefined: nobody. */
export function standInFor(state: Pick<State, 'delegations'>, person: PersonId): PersonId | undefined {
  return state.delegations
    .filter(({ absence, began, from }) => absence && began && from === person)
    .flatMap(({ to }) => to)
    .find((standIn) => !isAway(state, standIn));
}

/** Who speaks for somebody at a gate: the first who is there, is not excluded and has not declined. */
function spokesperson(state: Known, at: At, { to }: Delegation): PersonId | undefined {
  const declined = at.decisions.filter((decision) => !isApproval(decision)).map(({ person }) => person);
  return to.find(
    (person) => !isAway(state, person) && !at.excluded.includes(person) && !declined.includes(person),
  );
}

function reaching({ delegations }: Known, { name }: Pick<Gate, 'name'>): Delegation[] {
  return delegations.filter(({ began, gates }) => began && gates.includes(name));
}

/** Nobody approves what they own, in anybody's name. */
function combines({ technicalOwner, changeApprover }: State['rights'], right: Right, person: PersonId) {
  if (right === 'changeApprover') return technicalOwner === person;
  return right === 'technicalOwner' && changeApprover === person;
}

/** What a person may say at a gate for others. Whoever has answered there speaks for themselves, and no longer through anybody. */
function mandatesOf(state: Known, at: At, person: PersonId): Mandate[] {
  return reaching(state, at).flatMap((delegation) => {
    const { id, from, authorities } = delegation;
    const silent = at.excluded.includes(from) || at.decisions.some((given) => given.person === from);
    if (silent || spokesperson(state, at, delegation) !== person) return [];
    const functions = authorities.filter((name): name is BusinessFunction => !isRight(name));
    const rights = authorities
      .filter(isRight)
      .filter((right) => holdersOf(state.rights, right).includes(from))
      .filter((right) => !combines(state.rights, right, person));
    return functions.length + rights.length > 0 ? [{ delegation: id, from, functions, rights }] : [];
  });
}

/** The people who wrote or submitted what a gate decides and have given this person their voice: it does not count there. */
export function barredVoices(state: Known, at: At, person: PersonId): PersonId[] {
  return reaching(state, at)
    .filter(({ from, to }) => to.includes(person) && at.excluded.includes(from))
    .map(({ from }) => from);
}

/** Those who speak for others now, for any of these authorities. */
export function delegatesAt(state: Known, at: At, authorities: readonly Authority[]): PersonId[] {
  const people = new Set(reaching(state, at).flatMap(({ to }) => to));
  return [...people].filter((person) =>
    mandatesOf(state, at, person).some((mandate) => authorities.some((each) => speaksFor(each, mandate))),
  );
}

/** A person with everything they can say at a gate. */
export function voiceAt(
  state: Known,
  at: At,
  { person, functions }: Pick<Decision, 'person' | 'functions'>,
): Pick<Decision, 'person' | 'functions' | 'rights' | 'mandates'> {
  const mandates = state.delegations.length > 0 ? mandatesOf(state, at, person) : [];
  const own = { person, functions, rights: rightsOf(state.rights, person) };
  return mandates.length > 0 ? { ...own, mandates } : own;
}
