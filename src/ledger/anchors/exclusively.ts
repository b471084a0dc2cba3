import type pg from 'pg';

/** Any number, the same for everybody; the trigger of ledger.checkpoint has it too. */
const LOCK = 4_175_002_013;

/**
 * Runs alone of all that seal or change keys in this database, on a session of its own. The lock is the session's and
 * not a transaction's: one that waits for it inside its snapshot would then not see what it had waited for.
 */
export async function exclusively<R>(pool: pg.Pool, run: (client: pg.PoolClient) => Promise<R>): Promise<R> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const result = await run(client);
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    client.release();
    return result;
  } catch (error) {
    // A session that ends gives up its lock and its transaction, whatever state they are in.
    client.release(true);
    throw error;
  }
}

/** Runs in one transaction of a session that `exclusively` gave, and that is not used further when this throws. */
export async function within<R>(
  client: pg.PoolClient,
  isolation: 'READ COMMITTED' | 'REPEATABLE READ',
  run: () => Promise<R>,
): Promise<R> {
  await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
  const result = await run();
  await client.query('COMMIT');
  return result;
}
