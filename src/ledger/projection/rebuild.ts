import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { Json } from '../../domain/json.js';
import type { Documents } from '../../ports/documents.js';
import { chainOf } from '../chain.js';
import { createFolder, type Folder } from './folder.js';
import { refresh } from './refresh.js';
import { projectionOf } from './row.js';

const PAGE = 200;
/** Lifecycles at once: one folds while another waits for the database. */
const AT_ONCE = 4;
/** A report names this many at most. */
const NAMED = 20;

const PAGE_OF_KEYS = `
  SELECT substr(chain, 11) AS key FROM ledger.chain
  WHERE chain > $1 AND chain < 'lifecycle0' AND seq > 0 ORDER BY chain LIMIT $2`;
const COUNT = `SELECT count(*)::int AS count FROM ledger.chain WHERE chain > $1 AND chain < 'lifecycle0' AND seq > 0`;
const SHOWN = `
  SELECT chain.seq::float8 AS head, view,
    to_jsonb(listed) || CASE WHEN standing IS NULL THEN '{}' ELSE jsonb_build_object('standing', standing) END AS row
  FROM ledger.chain
  LEFT JOIN projection.lifecycle AS listed ON listed.key = $2 LEFT JOIN projection.view USING (key)
  LEFT JOIN projection.standing USING (key)
  WHERE chain = $1`;
const STRAY = `SELECT key FROM projection.lifecycle
  WHERE NOT EXISTS (SELECT FROM ledger.chain WHERE chain = 'lifecycle/' || key AND chain.seq > 0)`;
// A row that claims more than happened would be taken for newer than what is made anew.
const CLEAR = `
  WITH gone AS (
    DELETE FROM projection.lifecycle AS listed
    WHERE NOT EXISTS (SELECT FROM ledger.chain WHERE chain = 'lifecycle/' || key AND chain.seq >= listed.seq)
    RETURNING key
  ), without_standing AS (
    DELETE FROM projection.standing USING gone WHERE standing.key = gone.key
  ) DELETE FROM projection.view USING gone WHERE view.key = gone.key`;

export interface Walk {
  /** Begins behind this key: where a run that was stopped had come to. */
  readonly after?: string;
  /** Told now and then how many of how many are done, and the key up to which all are. */
  readonly progress?: (done: number, of: number, upTo: string) => void;
}

export interface Report {
  readonly lifecycles: number;
  /** Lifecycles of which it is not so, or that could not be folded. */
  readonly failed: number;
  /** The first of them, each with why. */
  readonly named: readonly string[];
}

/**
 * Folds every lifecycle from the ledger anew and replaces its row; rows of what the ledger does not hold go. Memory
 * stays flat, and appends go on meanwhile. `ownerPool` is of a login that may change the projection.
 */
export async function rebuildProjections(
  ownerPool: pg.Pool,
  documents: Pick<Documents, 'get'>,
  walk: Walk = {},
): Promise<Report> {
  const folder = createFolder(ownerPool, documents);
  await ownerPool.query(CLEAR);
  return eachLifecycle(ownerPool, walk, async (key) => {
    await refresh(ownerPool, folder, key);
    return null;
  });
}

/** Folds every lifecycle from the ledger and says which are shown otherwise. Changes nothing. */
export async function compareProjections(
  pool: pg.Pool,
  documents: Pick<Documents, 'get'>,
  walk: Walk = {},
): Promise<Report> {
  const folder = createFolder(pool, documents);
  const { rows } = await pool.query<{ key: string }>(STRAY);
  const report = await eachLifecycle(pool, walk, (key) => difference(pool, folder, key));
  const strays = rows.map(({ key }) => `${key}: the ledger does not hold what is shown`);
  return {
    ...report,
    failed: report.failed + strays.length,
    named: [...strays, ...report.named].slice(0, NAMED),
  };
}

async function difference(pool: pg.Pool, folder: Folder, key: string): Promise<string | null> {
  const values = [chainOf({ lifecycle: key }), key];
  const { rows } = await pool.query<{ head: number; row: Json; view: Json }>(SHOWN, values);
  const [shown] = rows;
  if (!shown?.row) return 'it is not shown';
  const folded = await folder.recorded(key, null, shown.head + 1);
  if (folded === null) return 'it has no events';
  const { row, view } = projectionOf(folded);
  if (!isDeepStrictEqual(shown.row, plain(row))) return 'its row is not what its events lead to';
  return isDeepStrictEqual(shown.view, plain(view)) ? null : 'its view is not what its events lead to';
}

/** As JSON carries it, without what is undefined. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** All lifecycles of the ledger in the order of their keys, a few at once. `check` says what is wrong, or null. */
async function eachLifecycle(
  pool: pg.Pool,
  { after = '', progress = () => undefined }: Walk,
  check: (key: string) => Promise<string | null>,
): Promise<Report> {
  const { rows: counted } = await pool.query<{ count: number }>(COUNT, [`lifecycle/${after}`]);
  const of = counted[0]?.count ?? 0;
  const named: string[] = [];
  let [done, failed, upTo] = [0, 0, after];
  const judge = async (key: string): Promise<void> => {
    const wrong = await check(key).catch((error: unknown) => reason(error));
    if (wrong === null) return;
    failed++;
    if (named.length < NAMED) named.push(`${key}: ${wrong}`);
  };
  for (;;) {
    const { rows } = await pool.query<{ key: string }>(PAGE_OF_KEYS, [`lifecycle/${upTo}`, PAGE]);
    const keys = rows.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const { key } of keys) await judge(key);
      }),
    );
    done += rows.length;
    upTo = rows.at(-1)?.key ?? upTo;
    progress(done, of, upTo);
    if (rows.length < PAGE) return { lifecycles: done, failed, named };
  }
}
