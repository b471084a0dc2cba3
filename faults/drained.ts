import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '../src/ledger/pool.js';
import type { Acknowledged } from './people.js';

const PATIENCE_MS = 60_000;

/**
 * Until the ledger has what the lifecycles last said their version is; answers with the number of the last event that
 * it has of each chain, which is higher where something happened since.
 */
export async function drained(
  url: string,
  lifecycles: readonly Acknowledged[],
): Promise<ReadonlyMap<string, number>> {
  const pool = createPool(url, { max: 1 });
  const until = Date.now() + PATIENCE_MS;
  try {
    for (;;) {
      const { rows } = await pool.query<{ chain: string; seq: number }>(
        'SELECT chain, seq::int FROM ledger.chain',
      );
      const last = new Map(rows.map(({ chain, seq }) => [chain, seq]));
      const there = lifecycles.every(({ key, version }) => (last.get(`lifecycle/${key}`) ?? 0) >= version);
      if (there || Date.now() > until) return last;
      await sleep(100);
    }
  } finally {
    await pool.end();
  }
}
