import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { createPostgresDocuments } from '../../src/ledger/documents/postgres-documents.js';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createProjector } from '../../src/ledger/projection/projector.js';
import type { DatabaseUrls } from '../../test/support/postgres.js';
import { createMaker, type Made } from '../ours/lifecycles.js';
import type { Result } from '../result.js';
import { measureAppends } from './appends.js';
import { measureLists } from './lists.js';

const LIFECYCLES = 10_000;
const TEAMS = 200;
const FILLING_AT_ONCE = 32;

/** Lists, inboxes and appends in a database of their own, filled with open lifecycles. */
export async function measureDatabase(urls: DatabaseUrls, say: (line: string) => void): Promise<Result[]> {
  const owner = createPool(urls.ownerUrl);
  const app = createPool(urls.appUrl);
  const documents = createPostgresDocuments(app, randomBytes(32));
  const projector = createProjector(app, documents, pino({ name: 'bench', level: 'warn' }));
  try {
    const ledger = createPostgresLedger(app, projector.project);
    const make = await createMaker(TEAMS);
    const store = async ({ documents: parts }: Made): Promise<void> => {
      for (const part of parts) await documents.put(part);
    };
    say(`filling a database with ${LIFECYCLES} lifecycles ...`);
    let next = 0;
    await Promise.all(
      Array.from({ length: FILLING_AT_ONCE }, async () => {
        while (next < LIFECYCLES) {
          const made = make(next++);
          await store(made);
          await ledger.append(made.entries);
        }
      }),
    );
    await owner.query('VACUUM ANALYZE');
    if (projector.behind > 0) throw new Error(`${projector.behind} lifecycles have no row`);
    return [
      ...(await measureLists(app, { lifecycles: LIFECYCLES, teams: TEAMS }, say)),
      ...(await measureAppends({ ledger, owner, make, store }, LIFECYCLES, say)),
    ];
  } finally {
    await projector.close();
    await Promise.all([owner.end(), app.end()]);
  }
}
