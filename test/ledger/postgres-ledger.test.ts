import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { describeLedger } from '../ports/ledger.conformance.js';
import { type Postgres, startPostgres } from '../support/postgres.js';

for (const from of ['embedded', 'machine'] as const) {
  let postgres: Postgres;
  const pools: pg.Pool[] = [];
  beforeAll(async () => {
    postgres = await startPostgres({ from });
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await postgres.stop();
  });
  describeLedger(`PostgreSQL (${from})`, async () => {
    const pool = createPool((await postgres.freshDatabase()).appUrl, { max: 4 });
    pools.push(pool);
    return createPostgresLedger(pool);
  });
}
