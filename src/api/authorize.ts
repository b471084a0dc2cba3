/** Whether the caller may: the one place where the words of the matrix are held against a person. */
import type { Response } from 'express';
import { isRoleWord, type MatrixRow, type Permission, REFUSED_AS } from '../contracts/actions.js';
import { field } from '../contracts/fields.js';
import type { ProblemReason } from '../contracts/problem.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { Principal } from '../ports/authenticator.js';
import type { Person } from '../ports/directory.js';
import { callerOf } from './authenticate.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import { Problem } from './problem.js';
import { contextOf, type Standing } from './request-context.js';
import type { Teams } from './teams.js';

/** What authorization asks. */
export interface Authority {
  readonly teams: Teams;
  readonly gateway: Pick<LifecycleGateway, 'knows'>;
  readonly policyTeam: string;
}

/**
 * Passes for a caller whom the row is for, and puts their standing into the context where it is about a lifecycle;
 * which rights and functions somebody of the team has there is for the decider to say. Throws `Problem`.
 */
export async function authorize(
  { teams, gateway, policyTeam }: Authority,
  response: Response,
  row: MatrixRow,
  key: string | undefined,
): Promise<void> {
  const person = callerOf(response);
  // Before anything is looked up, so that the answer is the same whatever there is.
  const beyond = scopeProblem(response, row.permission);
  if (beyond !== undefined) throw beyond;
  if (row.about !== 'lifecycle') {
    const inTeam = row.about !== 'policy' || person.teams.includes(policyTeam);
    if (!row.who.some((word) => speaksAs(word, person, row, inTeam))) throw notFor(row, person);
    return;
  }
  if (!field.lifecycleKey.safeParse(key).success || key === undefined) {
    throw new Problem('not-found', 'there is no lifecycle with such a key; check the key');
  }
  const team = await teamOf(teams, row, key);
  const inTeam = person.teams.includes(team);
  contextOf(response).lifecycle = key;
  if (!row.who.some((word) => speaksAs(word, person, row, inTeam))) {
    if (inTeam || isAuditor(person)) throw notFor(row, person);
    throw await hidden(gateway, response, row, key);
  }
  const { principal } = contextOf(response);
  contextOf(response).standing = { actor: actorIn(person, team, principal), key, team };
}

/** The caller's standing on the lifecycle of the address. Throws where no guard of such an action stands before. */
export function standingOf(response: Response): Standing {
  const { standing } = contextOf(response);
  if (standing === undefined) throw new TypeError('this route is about no lifecycle');
  return standing;
}

/** Passes for a member of the team that a body names; refuses alike for others' teams and for none. */
export function requireTeam(response: Response, team: string): void {
  const person = callerOf(response);
  if (person.teams.includes(team)) return;
  throw denial(REFUSED_AS.team, `${person.id} is no member of team ${team}; have a member do it`, 'team');
}

/** The teams whose lifecycles a person sees; null: all of them. */
export function seenTeams(person: Person): readonly string[] | null {
  return isAuditor(person) ? null : person.teams;
}

/**
 * A person as an actor in a team: functions count only where they are held. That it was this API that said so is
 * proven elsewhere, and not at all under trust `dev`.
 */
export function actorIn(person: Person, team: string, principal?: Principal): Actor {
  const functions = person.teams.includes(team) ? person.functions : [];
  const { authenticatedAt: at = null, acr = null } = principal ?? {};
  return {
    person: person.id,
    functions,
    roles: person.roles,
    teams: person.teams,
    verified: false,
    ...(at !== null && { authenticated: { at, acr } }),
  };
}

const isMachine = ({ roles }: Person): boolean => roles.includes('machine');
/** A machine is none, whatever else it is called. */
const isAuditor = (person: Person): boolean => person.roles.includes('auditor') && !isMachine(person);

/** Whether a word of the matrix covers a person. `inTeam`: of the team that the row is about, where it is about one. */
function speaksAs(
  word: MatrixRow['who'][number],
  person: Person,
  { about }: MatrixRow,
  inTeam: boolean,
): boolean {
  if (isMachine(person)) return word === 'machine' && inTeam;
  if (word === 'anybody' || word === 'person') return true;
  if (word === 'machine') return false;
  if (isRoleWord(word)) return person.roles.includes(word);
  // What somebody of the team holds on the lifecycle is for the decider to say, and which team a body names for the handler.
  if (about === 'lifecycle') return inTeam;
  return word === 'member' || (inTeam && person.functions.some((name) => word === `function:${name}`));
}

/** A token that is limited to some actions opens no other, whatever its person may do; undefined: it covers this one. */
export function scopeProblem(response: Response, permission: Permission): Problem | undefined {
  const scopes = contextOf(response).principal?.scopes ?? null;
  if (scopes === null || scopes.includes(permission)) return undefined;
  const message = `this token is limited to ${scopes.join(', ') || 'nothing'}; use one that covers ${permission}`;
  return denial('not-permitted', message, 'scope');
}

async function teamOf(teams: Teams, { method, permission }: MatrixRow, key: string): Promise<string> {
  const access = permission === 'check' ? 'check' : method === 'GET' ? 'read' : 'move';
  try {
    return await teams.of(key, access);
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-found') throw nowhere(key);
    throw error;
  }
}

/** The answer for a lifecycle of others: word for word, and look-up for look-up, the one for a lifecycle that is none. */
async function hidden(
  gateway: Authority['gateway'],
  response: Response,
  { permission }: MatrixRow,
  key: string,
): Promise<Problem> {
  const { id } = callerOf(response);
  const message = `${id} is in none of the teams of ${key}, and asked for ${permission}`;
  contextOf(response).hidden = [{ code: 'not-permitted', message, fact: 'team' }];
  // Where the engine cannot say that there is no such lifecycle, it cannot be said of this one either.
  await gateway.knows(key);
  return nowhere(key);
}

function nowhere(key: string): Problem {
  return new Problem(REFUSED_AS.unseen, `there is no lifecycle ${key}; check the key`);
}

function notFor({ permission, who, about }: MatrixRow, person: Person): Problem {
  const message = `${permission} is for ${who.join(', ')}; ${person.id} is none of them`;
  return denial(REFUSED_AS[about === 'lifecycle' ? 'seen' : 'service'], message, who.join());
}

function denial(code: 'not-permitted', message: string, fact: string): Problem {
  const reasons: ProblemReason[] = [{ code, message, fact }];
  return new Problem(code, message, { reasons });
}
