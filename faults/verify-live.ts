import { openPostgresSource } from '../src/ledger/bundle/postgres-source.js';
import { createPool } from '../src/ledger/pool.js';
import { verifySource } from '../src/ledger/verify/verify-source.js';

/** What the verifier finds wrong in a ledger where it is, in words; nothing in a sound one. */
export async function verifyLive(ownerUrl: string): Promise<readonly string[]> {
  const pool = createPool(ownerUrl, { max: 1, statementMs: 0 });
  try {
    const source = await openPostgresSource(pool);
    try {
      const { findings } = await verifySource(source, {});
      return findings.map(({ chain, position, message }) => `${chain ?? ''} ${position ?? ''} ${message}`);
    } finally {
      await source.close();
    }
  } finally {
    await pool.end();
  }
}
