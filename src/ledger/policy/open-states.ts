import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { State } from '../../domain/lifecycle/state.js';
import type { Documents } from '../../ports/documents.js';
import { LedgerUnavailable } from '../../ports/ledger.js';
import type { OpenStates } from '../../ports/open-states.js';
import { createFolder } from '../projection/folder.js';

/** Chains rather than rows of the list: what could not be projected is open as well. */
const KEYS = {
  name: 'open-keys',
  text: `SELECT substr(chain, 11) AS key FROM ledger.chain
    LEFT JOIN projection.lifecycle p ON p.key = substr(chain, 11) COLLATE "C"
    WHERE chain > 'lifecycle/' || $1 AND chain < 'lifecycle0' AND p.retired IS NOT TRUE ORDER BY chain LIMIT $2`,
};

/** Folds open lifecycles anew from what the ledger holds. */
export function createOpenStates(pool: pg.Pool, documents: Pick<Documents, 'get'>): OpenStates {
  const folder = createFolder(pool, documents);
  return {
    async page(after, limit) {
      const keys = await keysBehind(pool, after ?? '', limit);
      const states: State[] = [];
      const unseen: string[] = [];
      for (const key of keys) {
        try {
          const folded = await folder.recorded(key, null);
          if (folded && folded.state.stage !== 'retired') states.push(folded.state);
        } catch {
          unseen.push(key);
        }
      }
      return { states, unseen, next: keys.length < limit ? null : (keys.at(-1) ?? null) };
    },
  };
}

async function keysBehind(pool: pg.Pool, after: string, limit: number): Promise<string[]> {
  try {
    const { rows } = await pool.query<{ key: string }>({ ...KEYS, values: [after, limit] });
    return rows.map(({ key }) => key);
  } catch (cause) {
    throw new LedgerUnavailable(`the open lifecycles cannot be listed: ${reason(cause)}`, { cause });
  }
}
