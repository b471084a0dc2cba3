import type { Response } from 'express';
import { field } from '../contracts/fields.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { Person } from '../ports/directory.js';
import { callerOf } from './authenticate.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import { Problem } from './problem.js';
import { contextOf, type Standing } from './request-context.js';

/** People see and move the lifecycles of their teams; auditors see all of them. */
export type Access = 'read' | 'move';

/** The caller's standing on this lifecycle; throws `Problem` where their teams and roles do not cover it. */
export async function authorize(
  gateway: LifecycleGateway,
  response: Response,
  key: string | undefined,
  access: Access,
): Promise<Standing> {
  const person = callerOf(response);
  if (!field.lifecycleKey.safeParse(key).success || key === undefined) {
    throw new Problem('not-found', 'there is no lifecycle with such a key; check the key');
  }
  const team = await gateway.team(key);
  contextOf(response).lifecycle = key;
  if (!person.teams.includes(team) && !(access === 'read' && person.roles.includes('auditor'))) {
    const message = `${person.id} is in none of the teams that ${access === 'read' ? 'see' : 'move'} ${key}`;
    throw new Problem('not-permitted', message, {
      reasons: [{ code: 'not-permitted', message, fact: 'team' }],
    });
  }
  return { actor: actorIn(person, team), key, team };
}

/** A person as an actor in a team: functions count only where they are held. Nothing proves it under trust `dev`. */
export function actorIn(person: Person, team: string): Actor {
  const functions = person.teams.includes(team) ? person.functions : [];
  return { person: person.id, functions, roles: person.roles, teams: person.teams, verified: false };
}
