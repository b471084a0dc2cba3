import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSame, makeToken, readToken } from '../../src/identity/api-key-token.js';
import { createApiKeyAuthenticator, createApiKeys } from '../../src/identity/api-keys.js';
import { byForm } from '../../src/identity/by-form.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { ApiKeyExists, type ApiKeys, type NewApiKey } from '../../src/ports/api-keys.js';
import { type Authenticator, IdentityUnavailable } from '../../src/ports/authenticator.js';
import type { Person } from '../../src/ports/directory.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';

let database: Pools;
let keys: ApiKeys;
let authenticator: Authenticator;
const people = new Map<string, Person>();
const directory = { person: async (id: string) => people.get(id) };

beforeAll(async () => {
  database = await openDatabase();
  keys = createApiKeys({ pool: database.app, ledgerOn: createPostgresLedger });
  authenticator = createApiKeyAuthenticator(database.app, directory);
  for (const [id, roles] of [['ci', ['machine']] as const, ['ravi', []] as const])
    people.set(id, { id, name: id, functions: [], teams: [], roles, active: true });
});
afterAll(() => database.close());

function fresh(more: Partial<NewApiKey> = {}): NewApiKey {
  return {
    id: randomBytes(8).toString('hex'),
    person: 'ci',
    label: 'build-server',
    scopes: ['add-evidence'],
    createdAt: Date.now(),
    createdBy: 'ira',
    expiresAt: Date.now() + 60_000,
    ...more,
  };
}

const recorded = async (id: string) => {
  const { entries } = await createPostgresLedger(database.app).read(null, null, 200);
  return entries.filter((entry) => entry.id.startsWith(`key/api/${id}`));
};

describe('a key', () => {
  it('opens for its machine what it is scoped to, and is nowhere to be read', async () => {
    const { key, token } = await keys.create(fresh());
    expect(token).toMatch(/^aw_[0-9a-f]{16}_[\w-]{43}$/);
    expect(await authenticator.authenticate(token)).toEqual({
      person: 'ci',
      kind: 'machine',
      credential: { kind: 'api-key', id: key.id },
      authenticatedAt: null,
      acr: null,
      scopes: ['add-evidence'],
    });
    const { rows } = await database.owner.query<{ text: string }>(
      'SELECT k::text AS text FROM identity.api_key k UNION ALL SELECT body FROM ledger.entry',
    );
    const secret = token.slice(20);
    const kept = rows.map(({ text }) => text).join('\n');
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
  });

  it('is one of 256 bits of chance each time', () => {
    const secrets = new Set(Array.from({ length: 500 }, () => makeToken('0'.repeat(16)).token.slice(20)));
    expect(secrets.size).toBe(500);
    expect(Buffer.from([...secrets][0] ?? '', 'base64url')).toHaveLength(32);
  });

  it('is recorded with who made it and who ended it, once each', async () => {
    const { key } = await keys.create(fresh());
    const at = Date.now();
    await Promise.all([keys.revoke(key.id, 'ira', at), keys.revoke(key.id, 'ira', at)]);
    const again = await keys.revoke(key.id, 'ravi', at + 5);
    expect(again).toMatchObject({ revokedBy: 'ira', revokedAt: at });
    expect(await recorded(key.id)).toMatchObject([
      {
        id: `key/api/${key.id}`,
        kind: 'key',
        type: 'ApiKeyCreated',
        by: 'ira',
        lifecycle: null,
        data: { key: key.id, person: 'ci', scopes: ['add-evidence'], expiresAt: key.expiresAt },
      },
      {
        id: `key/api/${key.id}/revoked`,
        type: 'ApiKeyRevoked',
        by: 'ira',
        data: { key: key.id, person: 'ci' },
      },
    ]);
  });

  it('is not made without its record', async () => {
    const failing = createApiKeys({
      pool: database.app,
      ledgerOn: () => ({
        append: async () => {
          throw new Error('no');
        },
      }),
    });
    const wanted = fresh();
    await expect(failing.create(wanted)).rejects.toThrow(IdentityUnavailable);
    expect((await keys.list(null)).map(({ id }) => id)).not.toContain(wanted.id);
  });

  it('is made once by one request', async () => {
    const wanted = fresh();
    await keys.create(wanted);
    await expect(keys.create(wanted)).rejects.toThrow(ApiKeyExists);
    expect(await recorded(wanted.id)).toHaveLength(1);
  });

  it('tells when it was last used, and lists newest first', async () => {
    const { key, token } = await keys.create(fresh({ person: 'lab', createdAt: Date.now() - 5_000 }));
    people.set('lab', { ...people.get('ci'), id: 'lab' } as Person);
    const later = await keys.create(fresh({ person: 'lab' }));
    const before = Date.now();
    await authenticator.authenticate(token);
    await authenticator.authenticate(token);
    const listed = await keys.list('lab');
    expect(listed.map(({ id }) => id)).toEqual([later.key.id, key.id]);
    expect(listed.map(({ lastUsedAt }) => lastUsedAt)).toEqual([null, expect.any(Number)]);
    expect(listed[1]?.lastUsedAt).toBeGreaterThanOrEqual(before);
    expect((await keys.list(null)).length).toBeGreaterThan(listed.length);
    expect(listed[0]).not.toHaveProperty('hash');
  });
});

describe('a key opens nothing', () => {
  const tokenOf = async (more: Partial<NewApiKey> = {}) => (await keys.create(fresh(more))).token;

  it.each([
    ['with another secret', async () => `${(await tokenOf()).slice(0, 20)}${'A'.repeat(43)}`],
    ['with the secret of another', async () => (await tokenOf()).slice(0, 20) + (await tokenOf()).slice(20)],
    ['that nobody made', async () => makeToken('0'.repeat(16)).token],
    ['once it is over', () => tokenOf({ createdAt: Date.now() - 10_000, expiresAt: Date.now() - 1 })],
    [
      'once it is revoked',
      async () => {
        const { key, token } = await keys.create(fresh());
        await keys.revoke(key.id, 'ira', Date.now());
        return token;
      },
    ],
    ['of a human', () => tokenOf({ person: 'ravi' })],
    ['of nobody in the directory', () => tokenOf({ person: 'nobody' })],
    ['cut short', async () => (await tokenOf()).slice(0, -1)],
    ['with more behind it', async () => `${await tokenOf()}A`],
    ['in capitals', async () => (await tokenOf()).toUpperCase()],
  ])('%s', async (_what, token) => {
    expect(await authenticator.authenticate(await token())).toBeUndefined();
  });

  it('and says so only where the database can be asked', async () => {
    const other = await openDatabase();
    await other.close();
    const blind = createApiKeyAuthenticator(other.app, directory);
    await expect(blind.authenticate(makeToken('0'.repeat(16)).token)).rejects.toThrow(IdentityUnavailable);
    expect(await blind.authenticate('aw_no_key')).toBeUndefined();
  });
});

it('hashes are compared as a whole', () => {
  const { hash } = readToken(makeToken('0'.repeat(16)).token) ?? {};
  expect(isSame(hash ?? Buffer.alloc(32), hash)).toBe(true);
  expect(isSame(Buffer.alloc(32), undefined)).toBe(false);
  expect(isSame(Buffer.alloc(32, 1), Buffer.alloc(32))).toBe(false);
});

describe('a token is judged by its form', () => {
  const judge = (name: string): Authenticator & { readonly seen: string[] } => {
    const seen: string[] = [];
    return {
      seen,
      authenticate: async (token) => {
        seen.push(`${name} ${token}`);
        return undefined;
      },
    };
  };

  it('and by one only', async () => {
    const [apiKeys, oidc, dev] = [judge('key'), judge('oidc'), judge('dev')];
    const all = byForm({ apiKeys, oidc, dev });
    for (const token of ['aw_a.b.c', 'a.b.c', 'dev-ravi']) await all.authenticate(token);
    expect([apiKeys, oidc, dev].flatMap(({ seen }) => seen)).toEqual([
      'key aw_a.b.c',
      'oidc a.b.c',
      'dev dev-ravi',
    ]);
  });

  it('and by nobody where there is none for it', async () => {
    const apiKeys = judge('key');
    const none = byForm({ apiKeys });
    for (const token of ['a.b.c', 'dev-ravi', '']) expect(await none.authenticate(token)).toBeUndefined();
    expect(apiKeys.seen).toEqual([]);
  });
});
