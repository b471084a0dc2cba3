import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import { canonicalForm, type Digest, digestOf, isDigest } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import { readSalted, type Salted } from '../../domain/salted.js';
import type { PersonId } from '../../domain/vocabulary.js';
import {
  DocumentCorrupt,
  DocumentErased,
  type Documents,
  DocumentsUnavailable,
  type Filing,
} from '../../ports/documents.js';
import { chainOf } from '../chain.js';
import { seal, unseal, unwrapKey, wrapKey } from './sealing.js';

interface Row {
  readonly class: string;
  readonly subject: string | null;
  readonly key: string | null;
  /** The key, wrapped; null once it is erased. */
  readonly wrapped: Buffer | null;
  readonly nonce: Buffer | null;
  readonly body: Buffer;
}

const PUT = {
  name: 'document-put',
  text: 'SELECT documents.put($1, $2, $3, $4, $5, $6) AS stored, documents.bring($1, $7)',
};
const GET = { name: 'document-get', text: 'SELECT * FROM documents.get($1)' };
const KEY_FOR = { name: 'document-key', text: 'SELECT * FROM keys.key_for($1, $2, $3, to_timestamp($4))' };
/** An erasure between fetching a key and using it is rare, and two in a row never happen. */
const ATTEMPTS = 5;

/**
 * Documents in PostgreSQL, beside the ledger. `masterKey`, 32 bytes, wraps the keys of the subjects; neither it nor
 * any unwrapped key is kept in the database, and no key outlives the call that needed it.
 */
export function createPostgresDocuments(pool: pg.Pool, masterKey: Uint8Array): Documents {
  const ask = async <R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<R[]> => {
    try {
      return (await pool.query<R>(query)).rows;
    } catch (error) {
      throw refusedForGood(error) ? error : unavailable(error);
    }
  };

  const store = async (...values: readonly (string | Uint8Array | null)[]): Promise<boolean> => {
    const [row] = await ask<{ stored: boolean }>({ ...PUT, values: [...values] });
    return row?.stored ?? false;
  };

  /** The subject's key, made where there is none yet; undefined where it was erased since. */
  const keyFor = async (subject: PersonId, writtenAt: number) => {
    const id = randomUUID();
    const fresh = wrapKey(masterKey, randomBytes(32), aboutKey(id, subject));
    const values = [subject, id, fresh, writtenAt / 1_000];
    const [row] = await ask<{ id: string; key: Buffer }>({ ...KEY_FOR, values });
    return row && { id: row.id, key: unwrapped(row.key, row.id, subject, masterKey) };
  };

  const putPersonal = async (salted: Salted, filing: Personal): Promise<Digest> => {
    const { subject, writtenAt = Date.now() } = filing;
    const digest = digestOf(salted);
    const content = Buffer.from(canonicalForm(salted));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const key = await keyFor(subject, writtenAt);
      const sealed = key && seal(key.key, content, digest);
      const values = [
        key?.id ?? null,
        sealed?.nonce ?? null,
        sealed?.body ?? Buffer.alloc(0),
        chainIn(filing),
      ];
      if (await store(digest, 'personal', subject, ...values)) return digest;
    }
    throw new DocumentsUnavailable(`the key of ${subject} is erased again and again: retry`);
  };

  return {
    async put(document, filing = {}) {
      const { subject, kind = 'record' } = filing;
      if (subject !== undefined) return putPersonal(salt(document, filing), { ...filing, subject });
      const content = Buffer.from(canonicalForm(document));
      const digest = digestOfBytes(content);
      await store(digest, kind, null, null, null, content, chainIn(filing));
      return digest;
    },

    async get(digest) {
      if (!isDigest(digest)) return undefined;
      const [row] = await ask<Row & pg.QueryResultRow>({ ...GET, values: [digest] });
      if (row === undefined) return undefined;
      const content = row.subject === null ? row.body : openPersonal(row, digest, masterKey);
      if (digestOfBytes(content) !== digest) throw new DocumentCorrupt(digest, 'the database');
      const stored = JSON.parse(content.toString('utf8')) as Json;
      return row.subject === null ? stored : readSalted(stored).document;
    },
  };
}

type Personal = Filing & { readonly subject: PersonId };

const chainIn = ({ lifecycle }: Filing): string | null =>
  lifecycle === undefined ? null : chainOf({ lifecycle });

/** Of a document that has a subject. */
function salt(document: Json, { salt: given }: Filing): Salted {
  return { document, salt: given ?? randomBytes(16).toString('base64') };
}

function openPersonal(row: Row, digest: Digest, masterKey: Uint8Array): Buffer {
  const { key: id, wrapped, nonce, body, subject } = row;
  if (id === null || wrapped === null || nonce === null || subject === null) throw new DocumentErased(digest);
  const key = unwrapped(wrapped, id, subject, masterKey);
  try {
    return unseal(key, { nonce, body }, digest);
  } catch {
    throw new DocumentCorrupt(digest, 'the database');
  }
}

function unwrapped(wrapped: Buffer, id: string, subject: PersonId, masterKey: Uint8Array): Buffer {
  try {
    return unwrapKey(masterKey, wrapped, aboutKey(id, subject));
  } catch (cause) {
    const what = `the key of ${subject} was wrapped by another master key: start with that one`;
    throw new DocumentsUnavailable(what, { cause });
  }
}

const aboutKey = (id: string, subject: PersonId): string => `${id} ${subject}`;

const digestOfBytes = (content: Uint8Array): Digest =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Values that a table does not take: nothing that waiting or a spool would mend. */
const refusedForGood = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');

function unavailable(cause: unknown): DocumentsUnavailable {
  return new DocumentsUnavailable(`the document store cannot be used: ${reason(cause)}`, { cause });
}
