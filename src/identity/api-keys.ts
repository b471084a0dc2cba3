/** Keys of machines in PostgreSQL: what opens with one is never there, and what becomes of one is in the service chain. */
import type pg from 'pg';
import type { PersonId } from '../domain/vocabulary.js';
import { type ApiKey, ApiKeyExists, type ApiKeys } from '../ports/api-keys.js';
import { type Authenticator, IdentityUnavailable } from '../ports/authenticator.js';
import type { Directory } from '../ports/directory.js';
import type { Ledger, LedgerEntry } from '../ports/ledger.js';
import { isSame, makeToken, readToken } from './api-key-token.js';
import { kindOf } from './kind-of.js';
import { inTransaction } from './transaction.js';

/** How exactly it is known when a key was last used: a write for every call would cost more than it says. */
const USED_EVERY_MS = 60_000;

const COLUMNS = `k.id, k.person, k.label, k.scopes, k.created_by AS "createdBy", r.by AS "revokedBy",
  ${millis('k.created_at')} AS "createdAt", ${millis('k.expires_at')} AS "expiresAt",
  ${millis('u.at')} AS "lastUsedAt", ${millis('r.at')} AS "revokedAt"`;
const FROM = `FROM identity.api_key k LEFT JOIN identity.api_key_revoked r USING (id)
  LEFT JOIN identity.api_key_used u USING (id)`;

interface Dependencies {
  readonly pool: pg.Pool;
  /** The ledger of whoever has a transaction open: key and record are there together, or neither. */
  readonly ledgerOn: (client: pg.PoolClient) => Pick<Ledger, 'append'>;
}

export function createApiKeys({ pool, ledgerOn }: Dependencies): ApiKeys {
  const find = async (id: string): Promise<ApiKey | undefined> => {
    const { rows } = await pool.query<ApiKey>(`SELECT ${COLUMNS} ${FROM} WHERE k.id = $1`, [id]);
    return rows[0];
  };

  return {
    create: (fresh) =>
      available(async () => {
        const { id, person, label, scopes, createdAt, createdBy, expiresAt } = fresh;
        const { token, hash } = makeToken(id);
        await inTransaction(pool, async (client) => {
          const { rowCount } = await client.query(
            `INSERT INTO identity.api_key (id, person, label, scopes, hash, created_at, created_by, expires_at)
              VALUES ($1, $2, $3, $4, $5, ${instant('$6')}, $7, ${instant('$8')}) ON CONFLICT DO NOTHING`,
            [id, person, label, scopes, hash, createdAt, createdBy, expiresAt],
          );
          if (rowCount === 0) throw new ApiKeyExists(`there is a key ${id} already`);
          const data = { key: id, person, scopes, expiresAt };
          await ledgerOn(client).append([entryOf(id, 'ApiKeyCreated', createdAt, createdBy, data)]);
        });
        return { key: { ...fresh, lastUsedAt: null, revokedAt: null, revokedBy: null }, token };
      }),

    list: (person) =>
      available(async () => {
        const { rows } = await pool.query<ApiKey>(
          `SELECT ${COLUMNS} ${FROM} WHERE $1::text IS NULL OR k.person = $1 ORDER BY k.created_at DESC, k.id`,
          [person],
        );
        return rows;
      }),

    revoke: (id, by, at) =>
      available(async () => {
        await inTransaction(pool, async (client) => {
          const { rows } = await client.query<{ person: PersonId }>(
            `INSERT INTO identity.api_key_revoked (id, at, by)
              SELECT id, ${instant('$2')}, $3 FROM identity.api_key WHERE id = $1
              ON CONFLICT DO NOTHING RETURNING (SELECT person FROM identity.api_key k WHERE k.id = $1) AS person`,
            [id, at, by],
          );
          const [revoked] = rows;
          if (revoked === undefined) return;
          const data = { key: id, person: revoked.person };
          await ledgerOn(client).append([entryOf(`${id}/revoked`, 'ApiKeyRevoked', at, by, data)]);
        });
        return find(id);
      }),
  };
}

/** Judges the tokens of such keys. A key of somebody who is no machine any more opens nothing. */
export function createApiKeyAuthenticator(
  pool: Pick<pg.Pool, 'query'>,
  directory: Pick<Directory, 'person'>,
): Authenticator {
  const recorded = new Map<string, number>();

  const used = async (id: string, now: number): Promise<void> => {
    if ((recorded.get(id) ?? 0) > now - USED_EVERY_MS) return;
    recorded.set(id, now);
    await pool.query(
      `INSERT INTO identity.api_key_used (id, at) VALUES ($1, ${instant('$2')})
        ON CONFLICT (id) DO UPDATE SET at = greatest(api_key_used.at, excluded.at)`,
      [id, now],
    );
  };

  return {
    async authenticate(token) {
      const given = readToken(token);
      if (given === undefined) return undefined;
      const now = Date.now();
      const kept = await available(async () => {
        const { rows } = await pool.query<ApiKey & { hash: Buffer }>(
          `SELECT ${COLUMNS}, k.hash ${FROM} WHERE k.id = $1`,
          [given.id],
        );
        return rows[0];
      });
      if (!isSame(given.hash, kept?.hash) || kept === undefined) return undefined;
      if (kept.revokedAt !== null || kept.expiresAt <= now) return undefined;
      const person = await directory.person(kept.person);
      if (person === undefined || kindOf(person) !== 'machine') return undefined;
      await available(() => used(kept.id, now));
      return {
        person: kept.person,
        kind: 'machine',
        credential: { kind: 'api-key', id: kept.id },
        authenticatedAt: null,
        acr: null,
        scopes: kept.scopes,
      };
    },
  };
}

function millis(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}

function instant(parameter: string): string {
  return `to_timestamp(${parameter}::float8 / 1000)`;
}

function entryOf(id: string, type: string, at: number, by: PersonId, data: LedgerEntry['data']): LedgerEntry {
  return {
    id: `key/api/${id}`,
    lifecycle: null,
    kind: 'key',
    seq: null,
    at,
    type,
    by,
    command: null,
    data,
  };
}

/** Whatever is no answer of ours is an outage to whoever asks. */
async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ApiKeyExists) throw cause;
    throw new IdentityUnavailable('the keys of machines cannot be asked now', { cause });
  }
}
