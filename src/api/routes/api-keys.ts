import { createHash } from 'node:crypto';
import { apiKeysQuery, KEY_DAYS, newApiKeyForm } from '../../contracts/api-keys.js';
import type { PersonId } from '../../domain/vocabulary.js';
import { ApiKeyExists } from '../../ports/api-keys.js';
import type { Directory } from '../../ports/directory.js';
import { callerOf } from '../authenticate.js';
import type { ApiDeps } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { identify } from '../idempotency.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { parseQuery } from '../parse-query.js';
import { invalidBody, Problem } from '../problem.js';

const DAY_MS = 86_400_000;

/** `/v1/api-keys`: keys of machines are made, listed and revoked; each making and each end is in the ledger. */
export function apiKeyRoutes({ apiKeys, directory }: Pick<ApiDeps, 'apiKeys' | 'directory'>): GuardedRoute[] {
  return [
    route('api-keys', async (request, response) => {
      const { person } = parseQuery(apiKeysQuery, request);
      response.set('Cache-Control', 'no-store').json({ items: await apiKeys.list(person ?? null) });
    }),

    route('create-api-key', readBody(BODY_LIMIT), async (request, response) => {
      const { id: createdBy } = callerOf(response);
      const written = jsonBody(request);
      const { person, label, scopes, expiresAt: end } = parseBody(newApiKeyForm, written);
      const createdAt = Date.now();
      const expiresAt = end === undefined ? createdAt + KEY_DAYS.unsaid * DAY_MS : Date.parse(end);
      requireEnd(expiresAt, createdAt);
      await requireMachine(directory, person);
      // From the request, so that a repeated one finds its key instead of making a second.
      const id = idOf(identify(request, response, createdBy, 'create-api-key', written).id);
      try {
        const made = await apiKeys.create({ id, person, label, scopes, createdAt, createdBy, expiresAt });
        response.status(201).set('Cache-Control', 'no-store').json(made);
      } catch (error) {
        if (!(error instanceof ApiKeyExists)) throw error;
        const message = `this request has made the key ${id} before, and its token was shown then: revoke it, and make another with another Idempotency-Key`;
        throw new Problem('exists', message, { cause: error });
      }
    }),

    route('revoke-api-key', async (request, response) => {
      const { id } = request.params;
      const revoked = await apiKeys.revoke(id, callerOf(response).id, Date.now());
      if (revoked === undefined) throw new Problem('not-found', 'there is no key with such an id; list them');
      response.set('Cache-Control', 'no-store').json(revoked);
    }),
  ];
}

function idOf(identity: string): string {
  return createHash('sha256').update(`api-key\n${identity}`).digest('hex').slice(0, 16);
}

function requireEnd(expiresAt: number, now: number): void {
  if (expiresAt > now && expiresAt <= now + KEY_DAYS.most * DAY_MS) return;
  const detail = `must be later than now, and at most ${KEY_DAYS.most} days away`;
  throw invalidBody([{ path: ['expiresAt'], detail }]);
}

/** People sign in; only machines have keys. */
async function requireMachine(directory: Pick<Directory, 'person'>, id: PersonId): Promise<void> {
  const person = await directory.person(id);
  if (person?.active && person.roles.includes('machine')) return;
  const message = `the directory has no active machine "${id}": give it the role machine there, or use another id`;
  throw new Problem('unknown-person', message, {
    reasons: [{ code: 'unknown-person', message, pointer: '/person' }],
  });
}
