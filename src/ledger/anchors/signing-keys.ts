/** Which keys sign, and from when until when: the public halves, in the database and as entries of the service chain. */
import type { KeyObject } from 'node:crypto';
import type pg from 'pg';
import { createPostgresLedger } from '../postgres-ledger.js';
import { keyId, rawPublicKey } from '../verify/checkpoint.js';
import { exclusively, within } from './exclusively.js';
import { type PrivateKeys, SigningKeyUnusable } from './private-keys.js';

/** A key as the ledger knows it. Instants are milliseconds since 1970-01-01T00:00:00Z. */
export interface SigningKey {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly key: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  readonly validFrom: number;
  /** From then on it signs no longer; null while no end is set. */
  readonly retiredAt: number | null;
}

/** All keys that ever signed, oldest first. */
export async function signingKeys(database: Pick<pg.ClientBase, 'query'>): Promise<readonly SigningKey[]> {
  const { rows } = await database.query<SigningKey>(
    `SELECT key, public_key AS "publicKey", valid_from::float8 AS "validFrom", retired_at::float8 AS "retiredAt"
      FROM ledger.signing_key ORDER BY valid_from, key`,
  );
  return rows;
}

/** Whether a key signs what is sealed at an instant. */
export function signsAt({ validFrom, retiredAt }: SigningKey, at: number): boolean {
  return validFrom <= at && (retiredAt === null || at < retiredAt);
}

/** Makes sure that the ledger knows a key; the first is the one that is there, or is made where that is allowed. */
export async function ensureFirstKey(
  client: pg.PoolClient,
  keys: PrivateKeys,
  mayMake: boolean,
  now: number,
): Promise<void> {
  if ((await signingKeys(client)).length > 0) return;
  const [there] = await keys.all();
  const first = there ?? (mayMake ? await keys.make?.() : undefined);
  if (first === undefined) {
    throw new SigningKeyUnusable(
      'there is no key to sign checkpoints with: set AIRWORTHY_SIGNING_KEY or AIRWORTHY_SIGNING_KEY_FILE, or make one by airworthy ledger rotate-key',
    );
  }
  await within(client, 'READ COMMITTED', () => record(client, first, [], now));
}

/** What a rotation did. */
export interface Rotation {
  readonly added: SigningKey;
  /** Those that it replaces, with their end. */
  readonly retired: readonly SigningKey[];
}

/**
 * Lets a new key sign from now on, and every other one for `overlapMs` more at most. The new key is the one that the
 * ledger does not know yet, or is made. Throws `SigningKeyUnusable` where there is none, or more than one.
 */
export function rotateKey(
  pool: pg.Pool,
  keys: PrivateKeys,
  overlapMs: number,
  now: number,
): Promise<Rotation> {
  return exclusively(pool, async (client) => {
    const known = await signingKeys(client);
    const fresh = await freshKey(keys, known);
    const end = now + overlapMs;
    const retired = known
      .filter(({ retiredAt }) => retiredAt === null || retiredAt > end)
      .map((key) => ({ ...key, retiredAt: end }));
    const added = await within(client, 'READ COMMITTED', () => record(client, fresh, retired, now));
    return { added, retired };
  });
}

async function freshKey(keys: PrivateKeys, known: readonly SigningKey[]): Promise<KeyObject> {
  const unknown = (await keys.all()).filter((key) => {
    const id = keyId(rawPublicKey(key));
    return !known.some((one) => one.key === id);
  });
  const [fresh] = unknown;
  if (unknown.length > 1) {
    throw new SigningKeyUnusable(
      `${unknown.length} keys are new to the ledger: leave the one that is to sign`,
    );
  }
  if (fresh !== undefined) return fresh;
  if (keys.make !== null) return keys.make();
  throw new SigningKeyUnusable(
    'no key is new to the ledger: put the new one behind the old in AIRWORTHY_SIGNING_KEY or its file, then rotate again',
  );
}

/** Within a transaction, so that the table and the chain never tell different things. */
async function record(
  client: pg.PoolClient,
  added: KeyObject,
  retired: readonly SigningKey[],
  now: number,
): Promise<SigningKey> {
  const publicKey = rawPublicKey(added);
  const key = keyId(publicKey);
  await client.query('INSERT INTO ledger.key_made (key, public_key, valid_from) VALUES ($1, $2, $3)', [
    key,
    publicKey,
    now,
  ]);
  const ends = retired.map((one) => ({ key: one.key, retiredAt: one.retiredAt }));
  for (const end of ends) {
    await client.query('INSERT INTO ledger.key_retired (key, retired_at) VALUES ($1, $2)', [
      end.key,
      end.retiredAt,
    ]);
  }
  await createPostgresLedger(client).append([
    {
      id: `key/${key}`,
      lifecycle: null,
      kind: 'key',
      seq: null,
      at: now,
      type: 'SigningKeyAdded',
      by: null,
      command: null,
      data: { key, publicKey: publicKey.toString('base64'), retired: ends, validFrom: now },
    },
  ]);
  return { key, publicKey, validFrom: now, retiredAt: null };
}
