import type pg from 'pg';
import type { Folded, Folder } from './folder.js';
import { projectionOf } from './row.js';

const REFRESH = { name: 'refresh', text: 'SELECT projection.refresh($1, $2, $3, $4) AS stored' };
const BEHIND = `
  SELECT substr(chain, 11) AS key FROM ledger.chain
  LEFT JOIN projection.lifecycle AS listed ON chain = 'lifecycle/' || key
  WHERE chain.seq > CASE WHEN key IS NULL THEN 0 ELSE chain.shown END LIMIT 10000`;
/** A lifecycle that is appended to all the time has its row stored by those appends. */
const TRIES = 5;

/** Makes the row of a lifecycle from the ledger and stores it. Safe while appends go on. */
export async function refresh(pool: pg.Pool, folder: Folder, key: string): Promise<void> {
  let folded: Folded | null = null;
  for (let tries = 0; tries < TRIES; tries++) {
    folded = await folder.recorded(key, folded);
    if (folded === null) return;
    const { row, view } = projectionOf(folded);
    const values = [key, folded.state.seq, JSON.stringify(row), JSON.stringify(view)];
    const { rows } = await pool.query<{ stored: boolean }>({ ...REFRESH, values });
    if (rows[0]?.stored) return;
  }
}

/** Lifecycles whose row is older than their last event, 10,000 at most. */
export async function keysBehind(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>(BEHIND);
  return rows.map(({ key }) => key);
}
