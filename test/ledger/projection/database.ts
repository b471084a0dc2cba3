import type pg from 'pg';
import { createPool } from '../../../src/ledger/pool.js';
import { freshDatabase } from '../../support/fresh-database.js';

/** A database of a test file's own, as its owner and as the application. */
export interface Pools {
  readonly owner: pg.Pool;
  readonly app: pg.Pool;
  close(): Promise<void>;
}

export async function openDatabase(): Promise<Pools> {
  const { ownerUrl, appUrl } = await freshDatabase();
  const [owner, app] = [createPool(ownerUrl), createPool(appUrl)];
  return {
    owner,
    app,
    close: async () => {
      await Promise.all([owner.end(), app.end()]);
    },
  };
}
