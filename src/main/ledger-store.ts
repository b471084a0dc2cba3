import type pg from 'pg';
import type { Logger } from 'pino';
import type { Auditing } from '../api/deps.js';
import { type Checkpoint, checkpointForm } from '../contracts/records.js';
import { openPostgresSource } from '../ledger/bundle/postgres-source.js';
import type { LedgerSource } from '../ledger/bundle/source.js';
import { exportBundle } from '../ledger/bundle/write-bundle.js';
import { verifySource } from '../ledger/verify/verify-source.js';
import { openPool } from './database-pool.js';
import type { Environment } from './environment.js';

/** Who exports or verifies may be slow, and holds a connection meanwhile: so many at once, and no more. */
const AUDITORS = 2;

/** What auditors ask of the ledger as a whole, each time of one snapshot of it. */
export function createAuditing(pool: pg.Pool): Auditing {
  const reading = async <R>(read: (source: LedgerSource) => Promise<R>): Promise<R> => {
    const source = await openPostgresSource(pool);
    try {
      return await read(source);
    } finally {
      await source.close();
    }
  };

  return {
    exportBundle: ({ lifecycle }, write) =>
      reading((source) => exportBundle(source, lifecycle === null ? {} : { lifecycle }, write)),

    checkpoints: (after, limit) =>
      reading(async (source) => {
        const found: Checkpoint[] = [];
        for await (const { number, body, signatures } of source.checkpoints()) {
          if (number > after) found.push(checkpointForm.parse({ ...JSON.parse(body), signatures }));
          if (found.length === limit) break;
        }
        return found;
      }),

    verify: () =>
      reading(async (source) => {
        const { ok, chains, entries, checkpoints, findings } = await verifySource(source, {});
        const problems = findings.map(({ check, chain, position, message }) => ({
          code: check,
          chain: chain ?? null,
          position: position ?? null,
          message,
        }));
        return { ok, chains, entries, checkpoints, problems };
      }),
  };
}

/** A pool for that, apart from the one that answers people. */
export function openAuditors(environment: Environment, log: Pick<Logger, 'warn'>): pg.Pool {
  return openPool(environment, log, { max: AUDITORS, statementMs: 0 });
}
