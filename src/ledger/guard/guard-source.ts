import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { GuardSource, RecordedStanding, ToldStop } from '../../ports/guard-source.js';
import { LedgerUnavailable } from '../../ports/ledger.js';

// Whatever was still running when the mark was taken commits with its own number, which is not below it.
const MARK = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark';
const CHANGED = {
  name: 'standings',
  text: `SELECT key, seq::float8, standing FROM projection.standing WHERE changed >= $1::text::xid8`,
};
const STOPS = {
  name: 'told-stops',
  text: `SELECT key, command, effect, scope, seq::float8,
      greatest(0, extract(epoch FROM until - now()) * 1000)::float8 AS ms
    FROM guard.told WHERE changed >= $1::text::xid8`,
};
const TELL = { name: 'tell-stop', text: 'SELECT guard.tell($1, $2, $3, $4, $5, $6)::float8 AS seq' };

/** Standings as the projection stores them, and stops that it does not show yet. The pool stays the caller's. */
export function createPostgresGuardSource(pool: Pick<pg.Pool, 'query'>): GuardSource {
  const asked = async <T>(what: string, query: () => Promise<T>): Promise<T> => {
    try {
      return await query();
    } catch (error) {
      throw new LedgerUnavailable(`${what}: ${reason(error)}`, { cause: error });
    }
  };
  return {
    changed: (since) =>
      asked('what is exposed cannot be read', async () => {
        const values = [since ?? '0'];
        const { rows: marks } = await pool.query<{ mark: string }>({ name: 'standings-mark', text: MARK });
        // Stops first: one that is forgotten in between was shown, and its standing comes with what follows.
        const { rows: stops } = await pool.query<ToldStop & pg.QueryResultRow>({ ...STOPS, values });
        const { rows: standings } = await pool.query<RecordedStanding & pg.QueryResultRow>({
          ...CHANGED,
          values,
        });
        return { standings, stops, mark: marks[0]?.mark ?? '0' };
      }),
    tell: ({ key, command, effect, scope, seq, ms }) =>
      asked('a stop cannot be told', async () => {
        const values = [key, command, effect, scope, seq, ms];
        const { rows } = await pool.query<{ seq: number }>({ ...TELL, values });
        return rows[0]?.seq ?? seq;
      }),
  };
}
