import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticator, Principal } from '../ports/authenticator.js';
import type { Directory, Person } from '../ports/directory.js';
import { Problem } from './problem.js';
import { contextOf } from './request-context.js';

const KEPT_MS = 1_000;
const KEPT = 1_000;

/** Who calls, and by what that is known. */
interface Caller {
  readonly principal: Principal;
  readonly person: Person;
}

interface Asked {
  readonly authenticator: Authenticator;
  readonly directory: Pick<Directory, 'person'>;
}

/**
 * Finds out who calls, by the bearer token. An answer is kept for a second: long enough to spare most calls the
 * question, short enough that somebody who left is out. `challenge` goes with every 401.
 */
export function authenticate({ authenticator, directory }: Asked, challenge = 'Bearer'): RequestHandler {
  const kept = new Map<string, { readonly until: number; readonly caller: Caller }>();

  const callerWith = async (token: string): Promise<Caller | undefined> => {
    // By hash, so that no token lies about in memory longer than its request.
    const hash = createHash('sha256').update(token).digest('base64url');
    const known = kept.get(hash);
    if (known !== undefined && known.until > Date.now()) return known.caller;
    const principal = await authenticator.authenticate(token);
    const person = principal && (await directory.person(principal.person));
    if (kept.size >= KEPT) kept.clear();
    if (principal === undefined || !person?.active) {
      kept.delete(hash);
      return undefined;
    }
    kept.set(hash, { until: Date.now() + KEPT_MS, caller: { principal, person } });
    return { principal, person };
  };

  return async (request, response, next) => {
    const token = bearerToken(request);
    const caller = token === undefined ? undefined : await callerWith(token);
    if (caller === undefined) throw unauthenticated(token, challenge);
    Object.assign(contextOf(response), caller);
    next();
  };
}

/** Who calls. Throws where no `authenticate` stands before the handler. */
export function callerOf(response: Response): Person {
  const { person } = contextOf(response);
  if (person === undefined) throw unauthenticated(undefined, 'Bearer');
  return person;
}

function bearerToken(request: Request): string | undefined {
  const [, token] = /^Bearer +([\w.~+/=-]{1,8192})$/i.exec(request.headers.authorization ?? '') ?? [];
  return token;
}

function unauthenticated(token: string | undefined, challenge: string): Problem {
  const detail =
    token === undefined
      ? 'send a token: Authorization: Bearer …'
      : 'the token proves nothing here: it is unknown, over or not for this API, or whoever it names is not active; sign in again';
  return new Problem('unauthenticated', detail, { headers: { 'WWW-Authenticate': challenge } });
}
