import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { CursorInvalid } from '../../ports/ledger.js';
import type { LifecycleRow, ListQuery, ListSort } from '../../ports/read-model.js';
import type { Tables } from './tables.js';

/** In the order of a sort, what a row stands by before its key; a row without a due time stands last. */
interface Order {
  readonly by: RawBuilder<number> | null;
  readonly descending: boolean;
}
const ORDERS: { readonly [S in ListSort]: Order } = {
  key: { by: null, descending: false },
  due: { by: sql`due`, descending: false },
  updated: { by: sql`updated_at`, descending: true },
  opened: { by: sql`opened_at`, descending: true },
};

const SHOWN = [
  ...(['key', 'title', 'stage', 'mode', 'tier', 'team', 'release', 'held', 'exposure', 'owners'] as const),
  ...(['waiting_on', 'due', 'opened_at', 'updated_at'] as const),
] as const;

/** Of its last event, which may have changed nothing that is shown. */
const VERSION = sql<number>`(SELECT shown::float8 FROM ledger.chain WHERE chain = 'lifecycle/' || key)`;

/** A page of the list. Throws `CursorInvalid`. */
export async function list(
  db: Kysely<Tables>,
  query: ListQuery,
): Promise<{ items: readonly LifecycleRow[]; nextCursor: string | null }> {
  const { by, descending } = ORDERS[query.sort];
  const direction = descending ? 'desc' : 'asc';
  let select = db.selectFrom('projection.lifecycle').select(SHOWN);
  for (const condition of conditions(query)) select = select.where(condition);
  if (query.cursor !== null) select = select.where(behind(by, descending, query.sort, query.cursor));
  if (by !== null) select = select.orderBy(by, direction);
  const rows = await select
    .select([VERSION.as('version'), (by ?? sql<number>`0`).as('place')])
    .orderBy('key', direction)
    .limit(query.limit + 1)
    .execute();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const items = page.map(({ waiting_on, due, opened_at, updated_at, place: _place, ...row }) => ({
    ...row,
    waitingOn: waiting_on,
    nextDue: Number.isFinite(due) ? due : null,
    openedAt: opened_at,
    updatedAt: updated_at,
  }));
  return { items, nextCursor: rows.length > page.length && last ? cursorAt(query.sort, last) : null };
}

function conditions(query: ListQuery): RawBuilder<SqlBool>[] {
  const { teams, stage, mode, tier, team, owner, waitingOn, held, q } = query;
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return [
    ...(teams === null ? [] : [sql<SqlBool>`team = any(${teams}::text[])`]),
    ...(stage === undefined ? [] : [sql<SqlBool>`stage = ${stage}`]),
    ...(mode === undefined ? [] : [sql<SqlBool>`mode = ${mode}`]),
    ...(tier === undefined ? [] : [sql<SqlBool>`tier = ${tier}`]),
    ...(team === undefined ? [] : [sql<SqlBool>`team = ${team}`]),
    ...(owner === undefined ? [] : [sql<SqlBool>`holders @> array[${owner}::text]`]),
    ...(waitingOn === undefined ? [] : [awaited(waitingOn)]),
    ...(held === undefined ? [] : [sql<SqlBool>`held = ${held}`]),
    ...words.map((word) => sql<SqlBool>`search like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`),
  ];
}

/** By seat, by function at any gate, or by person: each column of the index may have it. */
function awaited(whom: string): RawBuilder<SqlBool> {
  const one = sql`array[${whom}::text]`;
  return sql`(waiting_on @> ${one} or functions @> ${one} or people @> ${one})`;
}

function behind(by: Order['by'], descending: boolean, sort: ListSort, cursor: string): RawBuilder<SqlBool> {
  const { place, key } = placeIn(sort, cursor);
  if (by === null) return sql`key > ${key}`;
  const beyond = descending ? sql`<` : sql`>`;
  return sql`(${by}, key) ${beyond} (${place}::float8, ${key})`;
}

function cursorAt(sort: ListSort, { place, key }: { place: number; key: string }): string {
  return Buffer.from(JSON.stringify([sort, Number.isFinite(place) ? place : null, key])).toString(
    'base64url',
  );
}

function placeIn(sort: ListSort, cursor: string): { place: number; key: string } {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(read) || read.length !== 3) throw new CursorInvalid(cursor);
    const [of, place, key] = read as readonly unknown[];
    if (of === sort && typeof key === 'string' && !key.includes('\0')) {
      if (typeof place === 'number') return { place, key };
      if (place === null) return { place: Number.POSITIVE_INFINITY, key };
    }
  } catch {
    // Whatever it is, nobody got it from here.
  }
  throw new CursorInvalid(cursor);
}
