import type { Response } from 'express';
import { field } from '../contracts/fields.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { Person } from '../ports/directory.js';
import { callerOf } from './authenticate.js';
import { Problem } from './problem.js';
import { contextOf, type Standing } from './request-context.js';
import type { Access, Teams } from './teams.js';

/** The caller's standing on this lifecycle; throws `Problem` where their teams and roles do not cover it. */
export async function authorize(
  { teams }: { readonly teams: Teams },
  response: Response,
  key: string | undefined,
  access: Access,
  /** Whether auditors may as well who are in none of its teams. */
  audited = access === 'read',
): Promise<Standing> {
  const person = callerOf(response);
  if (!field.lifecycleKey.safeParse(key).success || key === undefined) {
    throw new Problem('not-found', 'there is no lifecycle with such a key; check the key');
  }
  const team = await teams.of(key, access);
  contextOf(response).lifecycle = key;
  if (!person.teams.includes(team) && !(audited && isAuditor(person))) {
    const message = `${person.id} is in none of the teams that ${access === 'read' ? 'see' : 'move'} ${key}`;
    throw new Problem('not-permitted', message, {
      reasons: [{ code: 'not-permitted', message, fact: 'team' }],
    });
  }
  return { actor: actorIn(person, team), key, team };
}

/** The teams whose lifecycles a person sees; null: all of them. */
export function seenTeams(person: Person): readonly string[] | null {
  return isAuditor(person) ? null : person.teams;
}

/** Throws `Problem` for everybody but auditors. */
export function requireAuditor(response: Response): Person {
  const person = callerOf(response);
  if (isAuditor(person)) return person;
  const message = `${person.id} is no auditor; ask one, or somebody who makes people auditors`;
  throw new Problem('not-permitted', message, {
    reasons: [{ code: 'not-permitted', message, fact: 'auditor' }],
  });
}

/** A person as an actor in a team: functions count only where they are held. Nothing proves it under trust `dev`. */
export function actorIn(person: Person, team: string): Actor {
  const functions = person.teams.includes(team) ? person.functions : [];
  return { person: person.id, functions, roles: person.roles, teams: person.teams, verified: false };
}

const isAuditor = ({ roles }: Person): boolean => roles.includes('auditor');
