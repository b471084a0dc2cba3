import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { GuardSource, RecordedStanding } from '../../ports/guard-source.js';
import { LedgerUnavailable } from '../../ports/ledger.js';

// Whatever was still running when the mark was taken commits with its own number, which is not below it.
const MARK = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark';
const CHANGED = {
  name: 'standings',
  text: `SELECT key, seq::float8, standing FROM projection.standing WHERE changed >= $1::text::xid8`,
};

/** Standings as the projection stores them. The pool stays the caller's. */
export function createPostgresGuardSource(pool: Pick<pg.Pool, 'query'>): GuardSource {
  return {
    async changed(since) {
      try {
        const { rows } = await pool.query<{ mark: string }>({ name: 'standings-mark', text: MARK });
        const { rows: standings } = await pool.query<RecordedStanding & pg.QueryResultRow>({
          ...CHANGED,
          values: [since ?? '0'],
        });
        return { standings, mark: rows[0]?.mark ?? '0' };
      } catch (error) {
        throw new LedgerUnavailable(`what is exposed cannot be read: ${reason(error)}`, { cause: error });
      }
    },
  };
}
