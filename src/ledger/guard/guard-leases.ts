import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { GuardLeases, LeaseAnswer } from '../../ports/guard-leases.js';
import { LedgerUnavailable } from '../../ports/ledger.js';

const LEASE = {
  name: 'guard-lease',
  text: `SELECT granted::float8, salt, taken::float8, tokens, "position"::float8
    FROM guard.lease($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};

/** Slices as PostgreSQL keeps them. The pool stays the caller's. */
export function createPostgresGuardLeases(pool: Pick<pg.Pool, 'query'>): GuardLeases {
  return {
    async lease({ key, of, instance, n, cap, left, counted, want, after }) {
      const values = [key, of, instance, n, cap, left, counted, want, after];
      try {
        const { rows } = await pool.query<LeaseAnswer & pg.QueryResultRow>({ ...LEASE, values });
        return rows[0] ?? null;
      } catch (error) {
        throw new LedgerUnavailable(`what a pilot may touch cannot be counted: ${reason(error)}`, {
          cause: error,
        });
      }
    },
  };
}
