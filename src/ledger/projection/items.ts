import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { ItemView } from '../../domain/operations/item-view.js';
import type { ItemListQuery, ItemModel } from '../../ports/item-model.js';
import { CursorInvalid, LedgerUnavailable } from '../../ports/ledger.js';
import type { InboxItem } from '../../ports/read-model.js';

/** Columns of projection.item by the names of `ItemView`. */
export const SHOWN_ITEM = `item, queue, status, action, clause, "case", owner, second_line AS "secondLine",
  default_outcome AS "default", due, settles, opened_at AS "openedAt", opened_by AS "openedBy",
  decided_at AS "decidedAt", decided_by AS "decidedBy", until, differed`;
const UNDECIDED = `status IN ('waiting', 'second-line')`;
const ASKED = `key, team, item, queue, owner, second_line AS "secondLine", status, default_outcome AS "default",
  waits_until AS until`;

const LIST = {
  name: 'items',
  text: `SELECT ${SHOWN_ITEM} FROM projection.item WHERE key = $1
    AND ($2::text IS NULL OR status = $2)
    AND ($3::boolean IS NULL OR (${UNDECIDED} AND due < $4) = $3)
    AND ($5::float8 IS NULL OR (opened_at, item) < ($5, $6))
    ORDER BY opened_at DESC, item DESC LIMIT $7`,
};
const KNOWS = { name: 'item-known', text: 'SELECT FROM projection.item WHERE key = $1 AND item = $2' };
// As each of the three that can decide, soonest first; what somebody is twice is one.
const INBOX = {
  name: 'items-inbox',
  text: `SELECT asked.*, title, stage, tier FROM (
      (SELECT ${ASKED} FROM projection.item WHERE ${UNDECIDED} AND owner = $1 AND team = ANY ($3)
        ORDER BY waits_until LIMIT $4)
      UNION
      (SELECT ${ASKED} FROM projection.item WHERE status = 'second-line' AND second_line = $1 AND team = ANY ($3)
        ORDER BY waits_until LIMIT $4)
      UNION
      (SELECT of_function.* FROM unnest($3::text[]) AS t, unnest($2::text[]) AS f,
        LATERAL (SELECT ${ASKED} FROM projection.item WHERE ${UNDECIDED} AND team = t AND function = f
          ORDER BY waits_until LIMIT $4) AS of_function)
    ) AS asked JOIN projection.lifecycle USING (key) ORDER BY until, key, item LIMIT $4`,
};
const COUNTS = {
  name: 'item-counts',
  text: `SELECT count(*)::int AS open, count(*) FILTER (WHERE due < $2)::int AS late FROM projection.item
    WHERE ${UNDECIDED} AND ($1::text[] IS NULL OR team = ANY ($1))`,
};
const LATE = {
  name: 'items-late',
  text: `SELECT queue, count(*)::int AS late FROM projection.item WHERE ${UNDECIDED} AND due < $1 GROUP BY queue`,
};

type Asked = Pick<InboxItem, 'key' | 'title' | 'stage' | 'tier' | 'team'> &
  Pick<ItemView, 'item' | 'queue' | 'owner' | 'secondLine' | 'status' | 'default'> & {
    readonly until: number;
  };

/** Lists of items from their projection in PostgreSQL. The pool stays the caller's. */
export function createPostgresItems(pool: Pick<pg.Pool, 'query'>): ItemModel {
  const rows = async <R extends pg.QueryResultRow>(
    query: { name: string; text: string },
    values: readonly unknown[],
  ): Promise<R[]> => {
    try {
      return (await pool.query<R>({ ...query, values: [...values] })).rows;
    } catch (error) {
      throw new LedgerUnavailable(`the lists cannot be read: ${reason(error)}`, { cause: error });
    }
  };

  return {
    async list({ lifecycle, status, late, now, cursor, limit }: ItemListQuery) {
      const [openedAt, item] = cursor === null ? [null, null] : placeIn(cursor);
      const values = [lifecycle, status ?? null, late ?? null, now, openedAt, item, limit + 1];
      const found = await rows<ItemView & pg.QueryResultRow>(LIST, values);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, nextCursor: found.length > limit && last ? cursorAt(last) : null };
    },

    knows: async (lifecycle, item) => (await rows(KNOWS, [lifecycle, item])).length > 0,

    async inbox(person, functions, teams, limit) {
      const asked = await rows<Asked & pg.QueryResultRow>(INBOX, [person, functions, teams, limit]);
      return asked.map(inboxItem);
    },

    async counts(teams, now) {
      const [row] = await rows<{ open: number; late: number }>(COUNTS, [teams, now]);
      return row ?? { open: 0, late: 0 };
    },

    async lateByQueue(now) {
      const found = await rows<{ queue: string; late: number }>(LATE, [now]);
      return new Map(found.map(({ queue, late }) => [queue, late]));
    },
  };
}

function inboxItem({ item, queue, owner, secondLine, status, until, ...asked }: Asked): InboxItem {
  const { key, title, stage, tier, team } = asked;
  const late = status === 'second-line';
  return {
    key,
    title,
    stage,
    tier,
    team,
    kind: 'item',
    who: `queue:${queue}`,
    people: late && secondLine !== null ? [owner, secondLine] : [owner],
    what: `decide item ${item}${late ? ', which is late' : ''}; undecided, it ends as ${asked.default}`,
    gate: null,
    due: until,
  };
}

const cursorAt = ({ openedAt, item }: ItemView): string =>
  Buffer.from(JSON.stringify([openedAt, item])).toString('base64url');

function placeIn(cursor: string): [number, string] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(read) && read.length === 2) {
      const [openedAt, item] = read as readonly unknown[];
      if (Number.isFinite(openedAt) && typeof item === 'string' && !item.includes('\0'))
        return [openedAt as number, item];
    }
  } catch {
    // Whatever it is, nobody got it from here.
  }
  throw new CursorInvalid(cursor);
}
