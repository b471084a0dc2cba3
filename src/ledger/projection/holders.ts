import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { Holding, Holdings } from '../../ports/holdings.js';
import { LedgerUnavailable } from '../../ports/ledger.js';

const PAGE = `SELECT key, team, holders FROM projection.lifecycle
  WHERE NOT retired AND key > $1 ORDER BY key LIMIT $2`;

/** Who holds rights, from the projection. The pool stays the caller's. */
export function createHoldings(pool: pg.Pool): Holdings {
  return {
    async page(after, limit) {
      try {
        return (await pool.query<Holding>({ name: 'holders', text: PAGE, values: [after, limit] })).rows;
      } catch (error) {
        throw new LedgerUnavailable(`the holders cannot be read: ${reason(error)}`, { cause: error });
      }
    },
  };
}
