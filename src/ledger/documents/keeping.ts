import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import { canonicalForm } from '../../domain/digest.js';
import {
  type DocumentKeeping,
  type Erasure,
  LegalHold,
  NothingToErase,
  type SweptCounts,
} from '../../ports/document-keeping.js';
import { type DocumentClass, DocumentsUnavailable } from '../../ports/documents.js';
import type { LedgerEntry } from '../../ports/ledger.js';
import { chainOf, SERVICE_CHAIN } from '../chain.js';

/** Deleted in one transaction at most, of either reason. */
const PAGE = 1_000;

const NONE: SweptCounts = { record: 0, evidence: 0, personal: 0 };

/** The keeping of the documents that `createPostgresDocuments` stores, by what the ledger beside them says. */
export function createDocumentKeeping(pool: pg.Pool): DocumentKeeping {
  return {
    referenced: (lifecycle, digest) =>
      available(async () => {
        const chain = chainOf({ lifecycle });
        await scan(pool, chain);
        const { rows } = await pool.query<{ class: DocumentClass }>(
          `SELECT d.class FROM documents.reference r JOIN documents.document d USING (digest)
            WHERE r.chain = $1 AND r.digest = $2 AND (
              NOT EXISTS (SELECT FROM documents.origin o WHERE o.digest = r.digest)
              OR EXISTS (SELECT FROM documents.origin o WHERE o.digest = r.digest AND o.chain = r.chain))`,
          [chain, digest],
        );
        return rows[0]?.class;
      }),

    erase: (erasure) =>
      available(async () => {
        await scan(pool);
        return inTransaction(pool, (client) => erase(client, erasure));
      }),

    sweep: (at) =>
      available(async () => {
        await scan(pool);
        return inTransaction(pool, (client) => sweep(client, at));
      }),
  };
}

/** Reads what the ledger refers to up to now: a page in a transaction, so that a long way is no long transaction. */
async function scan(pool: pg.Pool, chain: string | null = null): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ scan: number }>('SELECT documents.scan($1)', [chain]);
    if (rows[0]?.scan === 0) return;
  }
}

async function erase(client: pg.PoolClient, erasure: Erasure) {
  const { id, subject, by, reason, at } = erasure;
  const before = await client.query<{ body: string }>(
    'SELECT body FROM ledger.entry WHERE id = $1 AND seq IS NULL',
    [entryId(id)],
  );
  if (before.rows[0] !== undefined) return answerOf(JSON.parse(before.rows[0].body) as LedgerEntry);
  const { rows } = await client.query<{ documents: number | null; held: string[] | null }>(
    'SELECT * FROM keys.erase($1)',
    [subject],
  );
  const { documents = null, held = null } = rows[0] ?? {};
  if (held !== null) throw new LegalHold(subject, held);
  if (documents === null) throw new NothingToErase(`nothing that ${subject} wrote is kept in readable form`);
  const entry = entryOf(id, 'subject-erased', { subject, documents, reason }, at, by);
  await record(client, entry);
  return answerOf(entry);
}

function answerOf({ id, data }: LedgerEntry) {
  return { entry: id, documents: (data as { readonly documents: number }).documents };
}

async function sweep(client: pg.PoolClient, at: number) {
  const { rows } = await client.query<{ why: 'orphaned' | 'expired'; class: DocumentClass; number: number }>(
    'SELECT * FROM documents.sweep($1)',
    [PAGE],
  );
  const counts = (why: string): SweptCounts => ({
    ...NONE,
    ...Object.fromEntries(rows.filter((row) => row.why === why).map((row) => [row.class, row.number])),
  });
  const swept = { orphaned: counts('orphaned'), expired: counts('expired') };
  if (rows.length > 0) await record(client, entryOf(`sweep/${randomUUID()}`, 'swept', swept, at, null));
  return { ...swept, more: rows.some(({ number }) => number >= PAGE / 3) };
}

function entryOf(
  id: string,
  type: string,
  data: LedgerEntry['data'],
  at: number,
  by: string | null,
): LedgerEntry {
  const lifecycle = null;
  return { id: entryId(id), lifecycle, kind: 'erasure', seq: null, at, type, by, command: null, data };
}

const entryId = (id: string): string => `erasure/${id}`;

/** In the transaction of what it records: neither is ever there without the other. */
async function record(client: pg.PoolClient, entry: LedgerEntry): Promise<void> {
  const body = canonicalForm(entry);
  await client.query('SELECT ledger.append($1, ARRAY[$2], ARRAY[$3], ARRAY[NULL]::bigint[], ARRAY[$4])', [
    SERVICE_CHAIN,
    entry.id,
    entry.type,
    body,
  ]);
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: Error) => {
      broken = failed;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Everything that is no answer of ours is an outage to whoever asks. */
async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LegalHold || error instanceof NothingToErase) throw error;
    throw new DocumentsUnavailable(`the documents cannot be looked after: ${reason(error)}`, {
      cause: error,
    });
  }
}
