/** A ledger of a database of its own, sealed by keys in a folder and a clock that the test sets. */
import { join } from 'node:path';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { keysOfFolder, type PrivateKeys } from '../../../src/ledger/anchors/private-keys.js';
import { createSealer, type Sealer } from '../../../src/ledger/anchors/seal.js';
import { APP_ROLE, createPool } from '../../../src/ledger/pool.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import type { SignedCheckpoint } from '../../../src/ledger/verify/checkpoint.js';
import type { Ledger } from '../../../src/ports/ledger.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { freshDatabase } from '../../support/fresh-database.js';

export interface Sealing {
  readonly owner: pg.Pool;
  readonly app: pg.Pool;
  readonly ledger: Ledger;
  readonly folder: string;
  readonly keys: PrivateKeys;
  readonly clock: { now: number };
  readonly sealer: Sealer;
  /** Everything that was sealed, oldest first. */
  checkpoints(): Promise<SignedCheckpoint[]>;
  /** Runs statements that nothing keeps from changing the ledger: somebody who has the database's machine. */
  forge(...statements: string[]): Promise<void>;
}

export async function openSealing(makesFirstKey = true): Promise<Sealing> {
  const { ownerUrl, appUrl } = await freshDatabase();
  const owner = createPool(ownerUrl, { max: 3 });
  const app = createPool(appUrl, { role: APP_ROLE, max: 8 });
  onTestFinished(async () => {
    await Promise.all([owner.end(), app.end()]);
  });
  const folder = join(await temporaryFolder(), 'keys');
  const keys = keysOfFolder(folder);
  const clock = { now: 1_000_000 };
  return {
    owner,
    app,
    folder,
    keys,
    clock,
    ledger: createPostgresLedger(app),
    sealer: createSealer({ pool: app, keys, makesFirstKey, now: () => clock.now }),
    async checkpoints() {
      const { rows } = await owner.query<{ body: string; signatures: SignedCheckpoint['signatures'] }>(
        'SELECT body, signatures FROM ledger.checkpoint ORDER BY number',
      );
      return rows.map(({ body, signatures }) => ({ checkpoint: JSON.parse(body), signatures }));
    },
    async forge(...statements) {
      const client = await owner.connect();
      await client.query('SET session_replication_role = replica');
      for (const statement of statements) await client.query(statement);
      client.release(true);
    },
  };
}
