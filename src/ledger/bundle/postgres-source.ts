import type pg from 'pg';
import type { Digest } from '../../domain/digest.js';
import { genesisOf } from '../chain.js';
import type { Leaf } from '../verify/checkpoint.js';
import type {
  Head,
  LedgerSource,
  Link,
  SealedAt,
  StoredCheckpoint,
  StoredDocument,
  StoredKey,
} from './source.js';

/** Rows of a page: enough that round trips do not count, little enough that nobody notices the memory. */
const PAGE = 1_000;
/** Documents are larger. */
const DOCUMENTS = 50;

/** The next chain behind one, wherever it is known from: whoever deletes a chain may have left its entries or leaves. */
const nextChain = (after: string): string => `LEAST(
  (SELECT min(chain) FROM ledger.chain WHERE chain > ${after}),
  (SELECT min(chain) FROM ledger.entry WHERE chain > ${after}),
  (SELECT min(chain) FROM ledger.checkpoint_leaf WHERE chain > ${after}))`;

const HEADS = `WITH RECURSIVE walk AS (
    SELECT ${nextChain('$1')} AS chain
    UNION ALL
    SELECT ${nextChain('walk.chain')} FROM walk WHERE walk.chain IS NOT NULL
  ), page AS (SELECT chain FROM walk WHERE chain IS NOT NULL LIMIT ${PAGE})
  SELECT chain, position::float8, encode(hash, 'hex') AS hash
  FROM page LEFT JOIN ledger.chain USING (chain) ORDER BY chain`;

const HEAD = `SELECT $1 AS chain, position::float8, encode(hash, 'hex') AS hash
  FROM (SELECT 1) one LEFT JOIN ledger.chain ON chain = $1
  WHERE chain IS NOT NULL OR EXISTS (SELECT FROM ledger.entry WHERE chain = $1)
    OR EXISTS (SELECT FROM ledger.checkpoint_leaf WHERE chain = $1)`;

const LINKS = {
  name: 'bundle-links',
  text: `SELECT position::float8, encode(hash, 'hex') AS hash, body FROM ledger.entry
    WHERE chain = $1 AND position > $2 ORDER BY position LIMIT ${PAGE}`,
};

const LEAVES_OF = {
  name: 'bundle-leaves',
  text: `SELECT number::float8 AS from, position::float8, encode(hash, 'hex') AS hash FROM ledger.checkpoint_leaf
    WHERE chain = $1 AND number > $2 ORDER BY number LIMIT ${PAGE}`,
};

const LEAVES_AT = `SELECT known.chain, leaf.position::float8, encode(leaf.hash, 'hex') AS hash
  FROM (SELECT DISTINCT chain FROM ledger.checkpoint_leaf WHERE number <= $1) known
  CROSS JOIN LATERAL (SELECT position, hash FROM ledger.checkpoint_leaf
    WHERE chain = known.chain AND number <= $1 ORDER BY number DESC LIMIT 1) leaf
  WHERE known.chain > $2 ORDER BY known.chain LIMIT ${PAGE * 10}`;

const DOCUMENT = 'digest, subject, nonce, body FROM documents.document';

interface DocumentRow {
  readonly digest: Digest;
  readonly subject: string | null;
  readonly nonce: Buffer | null;
  readonly body: Buffer;
}

/**
 * The ledger of a PostgreSQL database as it is at this moment, however long the reading takes: one read-only
 * transaction on one connection, in pages. `close` gives the connection back. Throws what pg throws.
 */
export async function openPostgresSource(pool: pg.Pool): Promise<LedgerSource & { close(): Promise<void> }> {
  const client = await pool.connect();
  const rows = async <R extends pg.QueryResultRow>(
    query: string | { name: string; text: string },
    values: unknown[] = [],
  ) =>
    (await client.query<R>(typeof query === 'string' ? { text: query, values } : { ...query, values })).rows;

  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0');
    // What is seen from here on is fixed by the first look, not by the beginning.
    await client.query('SELECT FROM ledger.chain LIMIT 1');
  } catch (error) {
    client.release(true);
    throw error;
  }
  return {
    async *keys() {
      yield* await rows<StoredKey & pg.QueryResultRow>(
        `SELECT public_key AS "publicKey", valid_from::float8 AS from, retired_at::float8 AS until
          FROM ledger.signing_key ORDER BY valid_from, key`,
      );
    },
    async *checkpoints() {
      const page = (after: number) =>
        rows<StoredCheckpoint & pg.QueryResultRow>(
          `SELECT number::float8, body, signatures FROM ledger.checkpoint
            WHERE number > $1 ORDER BY number LIMIT ${PAGE}`,
          [after],
        );
      yield* flat(paged(page, (last) => last.number, 0));
    },
    async *chains(only) {
      type Row = { chain: string; position: number | null; hash: string | null };
      const page = (after: string) => rows<Row>(HEADS, [after]);
      const found =
        only === undefined ? flat(paged(page, ({ chain }) => chain, '')) : await rows<Row>(HEAD, [only]);
      for await (const { chain, position, hash } of found) {
        yield {
          chain,
          position: position ?? 0,
          hash: hash ?? genesisOf(chain).toString('hex'),
        } satisfies Head;
      }
    },
    links(chain) {
      const page = (after: number) => rows<Link & { position: number }>(LINKS, [chain, after]);
      return paged(page, ({ position }) => position, 0);
    },
    leavesOf(chain) {
      const page = (after: number) => rows<SealedAt & pg.QueryResultRow>(LEAVES_OF, [chain, after]);
      return flat(paged(page, ({ from }) => from, 0));
    },
    leavesAt(checkpoint) {
      const page = (after: string) => rows<Leaf & pg.QueryResultRow>(LEAVES_AT, [checkpoint, after]);
      return flat(paged(page, ({ chain }) => chain, ''));
    },
    async *documents(of) {
      const page = (after: string) =>
        rows<DocumentRow>(`SELECT ${DOCUMENT} WHERE digest > $1 ORDER BY digest LIMIT ${DOCUMENTS}`, [after]);
      const those = async function* () {
        for (let from = 0; from < of.length; from += DOCUMENTS) {
          const asked = of.slice(from, from + DOCUMENTS);
          yield await rows<DocumentRow>(`SELECT ${DOCUMENT} WHERE digest = ANY ($1) ORDER BY digest`, [
            asked,
          ]);
        }
      };
      const found = of === 'all' ? paged(page, ({ digest }) => digest, '') : those();
      for await (const row of flat(found)) yield storedDocument(row);
    },
    async close() {
      const ended = await client.query('ROLLBACK').catch((error: Error) => error);
      client.release(ended instanceof Error);
    },
  };
}

function storedDocument({ digest, subject, nonce, body }: DocumentRow): StoredDocument {
  if (subject === null) return { digest, document: body.toString('utf8') };
  return { digest, subject, nonce: nonce ?? Buffer.alloc(0), ciphertext: body };
}

async function* paged<R, K>(
  page: (after: K) => Promise<readonly R[]>,
  keyOf: (row: R) => K,
  first: K,
): AsyncGenerator<readonly R[]> {
  for (let after = first; ; ) {
    const found = await page(after);
    const last = found.at(-1);
    if (last === undefined) return;
    yield found;
    after = keyOf(last);
  }
}

async function* flat<R>(pages: AsyncIterable<readonly R[]>): AsyncGenerator<R> {
  for await (const page of pages) yield* page;
}
