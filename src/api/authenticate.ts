import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Directory, Person } from '../ports/directory.js';
import { Problem } from './problem.js';
import { contextOf } from './request-context.js';

const KEPT_MS = 1_000;
const KEPT = 1_000;

/**
 * Finds out who calls, by the bearer token. An answer of the directory is kept for a second: long enough to
 * spare most calls the question, short enough that somebody who left is out.
 */
export function authenticate(directory: Directory): RequestHandler {
  const kept = new Map<string, { readonly until: number; readonly person: Person }>();

  const personOf = async (token: string): Promise<Person | undefined> => {
    // By hash, so that no token lies about in memory longer than its request.
    const hash = createHash('sha256').update(token).digest('base64url');
    const known = kept.get(hash);
    if (known !== undefined && known.until > Date.now()) return known.person;
    const person = await directory.byToken(token);
    if (kept.size >= KEPT) kept.clear();
    if (person === undefined) kept.delete(hash);
    else kept.set(hash, { until: Date.now() + KEPT_MS, person });
    return person;
  };

  return async (request, response, next) => {
    const token = bearerToken(request);
    const person = token === undefined ? undefined : await personOf(token);
    if (person === undefined) throw unauthenticated(token);
    contextOf(response).person = person;
    next();
  };
}

/** Who calls. Throws where no `authenticate` stands before the handler. */
export function callerOf(response: Response): Person {
  const { person } = contextOf(response);
  if (person === undefined) throw unauthenticated(undefined);
  return person;
}

function bearerToken(request: Request): string | undefined {
  const [, token] = /^Bearer +([\w.~+/=-]{1,4096})$/i.exec(request.headers.authorization ?? '') ?? [];
  return token;
}

function unauthenticated(token: string | undefined): Problem {
  const detail =
    token === undefined
      ? 'send a token: Authorization: Bearer …'
      : 'the token belongs to nobody, or to somebody who is not active; sign in again';
  return new Problem('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
