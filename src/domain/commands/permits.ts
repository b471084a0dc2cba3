import { holdersOf } from '../gates/authority.js';
import type { Actor } from '../lifecycle/actor.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import { type Rejection, reject } from '../rejection.js';
import { type BusinessFunction, RIGHTS, type Right } from '../vocabulary.js';
import type { CommandName } from './payloads.js';
import { COMMANDS, type Who } from './table.js';

const FUNCTION = 'function:';

function isFunction(who: Who): who is `function:${BusinessFunction}` {
  return who.startsWith(FUNCTION);
}

function isRight(who: Who): who is Right {
  return (RIGHTS as readonly string[]).includes(who);
}

/** Whether the person is one of those that a row of a table names. */
export function isWho(state: State, actor: Actor, who: Who): boolean {
  // It is counted among the members of its team, may have been given a right by mistake, and decides nothing.
  if (isMachine(actor)) return who === 'machine';
  if (isFunction(who)) return actor.functions.some((name) => who === `${FUNCTION}${name}`);
  if (isRight(who)) return holdersOf(state.rights, who).includes(actor.person);
  switch (who) {
    case 'lead':
      return state.team.lead === actor.person;
    case 'member':
      return state.team.members.some(({ person }) => person === actor.person) || holdsSomething(state, actor);
    case 'machine':
      return false;
    case 'auditor':
      return actor.roles.includes(who);
  }
}

/** Someone who heads or leads for the team answers for it without being counted among its members. */
function holdsSomething(state: State, { person }: Actor): boolean {
  return state.team.lead === person || Object.values(state.team.heads).includes(person);
}

const isMachine = ({ roles }: Actor): boolean => roles.includes('machine');

/** Functions without a seat that the tier nevertheless lets hold. */
function mayHold(state: State, actor: Actor): boolean {
  const { functions } = actor;
  return !isMachine(actor) && (rulesOf(state)?.mayHold ?? []).some((name) => functions.includes(name));
}

/** Whether this person may send this command now, before anything in it is looked at. */
export function permits(state: State, actor: Actor, name: CommandName): Rejection | undefined {
  const row = COMMANDS[name];
  if (state.stage === 'retired')
    return reject('closed', `the lifecycle is ${state.outcome}; nothing changes any more`, 'stage');
  if (!row.stages.includes(state.stage)) {
    return reject(
      'wrong-stage',
      `${name} belongs to ${row.stages.join(', ')}; the lifecycle is in ${state.stage}`,
      'stage',
    );
  }
  if (row.who.some((who) => isWho(state, actor, who))) return undefined;
  if (name === 'hold' && mayHold(state, actor)) return undefined;
  return reject(
    'not-permitted',
    `${name} is for ${row.who.join(', ')}; ${actor.person} is none of them`,
    'person',
  );
}
