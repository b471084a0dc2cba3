import { hash as digestBy } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticator, Principal } from '../ports/authenticator.js';
import type { Directory, Person } from '../ports/directory.js';
import { Problem } from './problem.js';
import { contextOf } from './request-context.js';
import { within } from './within.js';

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

/** How long an answer that is asked for anew is not waited for, and how long it holds while nobody can tell. */
interface Patience {
  readonly unasked: number;
  readonly outage: number;
}

const NONE: Patience = { unasked: 0, outage: 0 };
/** Whoever does not answer in this time cannot tell now. */
const ANSWER_MS = 50;

/**
 * Finds out who calls, by the bearer token. An answer is kept for a second: long enough to spare most calls the
 * question, short enough that somebody who left is out. `challenge` goes with every 401. With `patience`, those who
 * call all the time wait for no answer, and are known through an outage of whoever knows them.
 */
export function authenticate(
  { authenticator, directory }: Asked,
  challenge = 'Bearer',
  { unasked, outage } = NONE,
): RequestHandler {
  const kept = new Map<string, { readonly until: number; readonly caller: Caller }>();
  const asking = new Map<string, Promise<Caller | undefined>>();

  const ask = async (token: string, hash: string): Promise<Caller | undefined> => {
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
  const askOnce = (token: string, hash: string): Promise<Caller | undefined> => {
    const under = asking.get(hash) ?? ask(token, hash).finally(() => asking.delete(hash));
    asking.set(hash, under);
    return under;
  };

  const callerWith = async (token: string): Promise<Caller | undefined> => {
    // By hash, so that no token lies about in memory longer than its request.
    const hash = digestBy('sha256', token, 'base64url');
    const known = kept.get(hash);
    if (known !== undefined && known.until > Date.now()) return known.caller;
    if (known === undefined || outage === 0) return ask(token, hash);
    const answer = askOnce(token, hash);
    const age = Date.now() - known.until;
    if (age >= outage) return answer;
    const told = answer.then(
      (caller) => ({ caller }),
      () => undefined,
    );
    if (age < unasked) return known.caller;
    const heard = await within(ANSWER_MS, told);
    return heard === undefined ? known.caller : heard.caller;
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
