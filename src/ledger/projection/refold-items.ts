import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { beginItem, evolveItem, type ItemEvent, type ItemState } from '../../domain/operations/item.js';
import { itemView } from '../../domain/operations/item-view.js';
import type { LedgerEntry } from '../../ports/ledger.js';
import { SHOWN_ITEM } from './items.js';

const KEYS = `
  SELECT split_part(id, '/', 2) AS key FROM ledger.entry WHERE seq IS NULL AND id >= 'review/' AND id < 'review0'
  UNION SELECT key FROM projection.item ORDER BY key`;
// In one statement, so that nothing is appended between the two.
const BOTH = `
  SELECT (SELECT coalesce(json_agg(body ORDER BY position), '[]') FROM ledger.entry
      WHERE chain = 'lifecycle/' || $1 AND seq IS NULL AND id >= 'review/' || $1 || '/' AND id < 'review/' || $1 || '0'
    ) AS bodies,
    (SELECT coalesce(json_agg(shown), '[]') FROM (SELECT ${SHOWN_ITEM} FROM projection.item WHERE key = $1) AS shown
    ) AS shown`;

/** Makes the items of every lifecycle from the ledger anew; appends go on meanwhile. The pool is the owner's. */
export async function rebuildItems(ownerPool: Pick<pg.Pool, 'query'>): Promise<void> {
  for (const key of await keysOf(ownerPool))
    await ownerPool.query('SELECT projection.refold_items($1)', [key]);
}

/** Which items are not shown as the domain folds their entries, each with its lifecycle and why. Changes nothing. */
export async function compareItems(pool: Pick<pg.Pool, 'query'>): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const key of await keysOf(pool)) {
    const { rows } = await pool.query<{ bodies: string[]; shown: Shown[] }>(BOTH, [key]);
    const { bodies = [], shown = [] } = rows[0] ?? {};
    const folded = foldItems(bodies.map((body) => JSON.parse(body) as LedgerEntry));
    const ids = new Set([...folded.keys(), ...shown.map(({ item }) => item)]);
    for (const id of ids) {
      const state = folded.get(id);
      const row = shown.find(({ item }) => item === id);
      if (state === undefined) wrong.push(`${key}: the ledger does not hold item ${id}, which is shown`);
      else if (!isDeepStrictEqual(row, itemView(state)))
        wrong.push(`${key}: item ${id} is not what its entries lead to`);
    }
  }
  return wrong;
}

type Shown = ReturnType<typeof itemView>;

async function keysOf(pool: Pick<pg.Pool, 'query'>): Promise<readonly string[]> {
  return (await pool.query<{ key: string }>(KEYS)).rows.map(({ key }) => key);
}

/** The items of one lifecycle, as the domain folds their entries. */
function foldItems(entries: readonly LedgerEntry[]): ReadonlyMap<string, ItemState> {
  const items = new Map<string, ItemState>();
  for (const { lifecycle, type, at, by, data } of entries) {
    const { item, n: _n, proof: _proof, ...fields } = data as { item: string; n: number; proof?: unknown };
    const event = { type, ...fields } as ItemEvent;
    const known = items.get(item);
    if (known !== undefined) items.set(item, evolveItem(known, event, at, by));
    else if (event.type === 'ItemOpened')
      items.set(item, beginItem(item, lifecycle ?? '', event, by ?? '', at));
  }
  return items;
}
