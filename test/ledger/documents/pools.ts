import { onTestFinished } from 'vitest';
import { createPool } from '../../../src/ledger/pool.js';
import { freshDatabase } from '../../support/fresh-database.js';
import type { DatabaseUrls } from '../../support/postgres.js';

/** A database as its owner and as the application; a new one of this run, or the one given. Closed after the test. */
export async function freshPools(given?: DatabaseUrls) {
  const { ownerUrl, appUrl } = given ?? (await freshDatabase());
  const owner = createPool(ownerUrl, { max: 2 });
  const app = createPool(appUrl, { max: 5 });
  onTestFinished(async () => {
    await Promise.all([owner.end(), app.end()]);
  });
  return { owner, app };
}
