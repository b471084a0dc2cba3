import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { CommonView, Waiting } from '../../domain/lifecycle/view.js';
import { CursorInvalid, LedgerUnavailable } from '../../ports/ledger.js';
import type { InboxItem, ReadModel } from '../../ports/read-model.js';
import { chainOf } from '../chain.js';
import { placed, type StoredEntry } from '../stored-entry.js';
import { list } from './list-query.js';
import { countUp } from './portfolio.js';
import type { Tables } from './tables.js';

// A person is in many rows at most once each, so the first rows by their due time hold the first of what waits on them.
const INBOX = `
  SELECT key, title, stage, tier, team, view -> 'waitingOn' AS waiting
  FROM (
    SELECT key, title, stage, tier, team FROM projection.lifecycle
    WHERE people @> ARRAY[$1::text] AND team = ANY($2::text[])
    ORDER BY people_due[array_position(people, $1::text)], key LIMIT $3
  ) AS asked JOIN projection.view USING (key)`;
const VIEW = `
  SELECT view, chain.shown::float8 AS version, (body::json ->> 'at')::float8 AS "asOf"
  FROM projection.view JOIN ledger.chain ON chain.chain = 'lifecycle/' || key
  JOIN ledger.entry ON entry.chain = chain.chain AND entry.seq = chain.shown
  WHERE key = $1`;
const OF_TYPE = `
  SELECT body, position::float8, encode(hash, 'hex') AS hash FROM ledger.entry
  WHERE chain = $1 AND type = ANY($2::text[]) AND seq IS NOT NULL AND position > $3 ORDER BY position LIMIT $4`;
const RECORDED = `SELECT substr(chain, 11) AS key, seq::float8 FROM ledger.chain WHERE chain = ANY($1) AND seq > 0`;
const BEHIND = `
  SELECT count(*)::int AS behind FROM ledger.chain
  LEFT JOIN projection.lifecycle AS listed ON chain = 'lifecycle/' || key
  WHERE chain.seq > CASE WHEN key IS NULL THEN 0 ELSE chain.shown END`;

type Asked = Pick<InboxItem, 'key' | 'title' | 'stage' | 'tier' | 'team'> & { waiting: readonly Waiting[] };

/** Lists and inboxes from the projection in PostgreSQL. The pool stays the caller's. */
export function createPostgresReadModel(pool: pg.Pool): ReadModel {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const rows = async <R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) =>
    (await pool.query<R>({ name, text, values })).rows;

  return translated({
    lifecycles: (query) => list(db, query),

    async inbox(person, teams, limit) {
      const asked = await rows<Asked>('inbox', INBOX, [person, teams, limit]);
      return asked
        .flatMap(({ waiting, ...lifecycle }) =>
          waiting
            .filter(({ people }) => people.includes(person))
            .map((each): InboxItem => ({ ...lifecycle, ...each })),
        )
        .sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity) || 0)
        .slice(0, limit);
    },

    portfolio: (teams, now) => countUp(pool, teams, now),

    async view(key) {
      const [row] = await rows<{ view: CommonView; version: number; asOf: number }>('view', VIEW, [key]);
      return row && { view: { ...row.view, version: row.version }, asOf: row.asOf };
    },

    async team(key) {
      const text = 'SELECT team FROM projection.lifecycle WHERE key = $1';
      const [row] = await rows<{ team: string }>('team', text, [key]);
      return row?.team;
    },

    async entriesOfType(key, types, after, limit) {
      const values = [chainOf({ lifecycle: key }), types, after, limit];
      return (await rows<StoredEntry>('of-type', OF_TYPE, values)).map(placed);
    },

    async recorded(keys) {
      const chains = keys.map((key) => chainOf({ lifecycle: key }));
      const found = await rows<{ key: string; seq: number }>('recorded', RECORDED, [chains]);
      return new Map(found.map(({ key, seq }) => [key, seq]));
    },

    async behind() {
      const [row] = await rows<{ behind: number }>('behind', BEHIND, []);
      return row?.behind ?? 0;
    },
  });
}

/** The same, with every failure of the database as the port names it. */
function translated(model: ReadModel): ReadModel {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CursorInvalid) throw error;
      throw new LedgerUnavailable(`the lists cannot be read: ${reason(error)}`, { cause: error });
    }
  };
  return {
    lifecycles: (query) => call(() => model.lifecycles(query)),
    inbox: (person, teams, limit) => call(() => model.inbox(person, teams, limit)),
    portfolio: (teams, now) => call(() => model.portfolio(teams, now)),
    view: (key) => call(() => model.view(key)),
    team: (key) => call(() => model.team(key)),
    entriesOfType: (key, types, after, limit) => call(() => model.entriesOfType(key, types, after, limit)),
    recorded: (keys) => call(() => model.recorded(keys)),
    behind: () => call(() => model.behind()),
  };
}
