import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../../src/ledger/pool.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { createHoldings } from '../../../src/ledger/projection/holders.js';
import { createProjector } from '../../../src/ledger/projection/projector.js';
import { LedgerUnavailable } from '../../../src/ports/ledger.js';
import { MemoryDocuments } from '../../support/memory-documents.js';
import { openDatabase, type Pools } from './database.js';
import { putStart, type Walked, walked } from './walked.js';

let database: Pools;
let walks: readonly Walked[];

beforeAll(async () => {
  database = await openDatabase();
  const documents = new MemoryDocuments();
  const projector = createProjector(database.app, documents, {
    warn: () => undefined,
  });
  const ledger = createPostgresLedger(database.app, projector.project);
  walks = Array.from({ length: 12 }, (_, n) => walked(n, 30));
  for (const walk of walks) {
    await putStart(documents, walk.story);
    await ledger.append(walk.entries);
  }
  await projector.close();
});
afterAll(() => database.close());

describe('who holds rights', () => {
  it('is told page by page, of every lifecycle that is open', async () => {
    const holdings = createHoldings(database.app);
    const pages = [];
    let after = '';
    for (;;) {
      const page = await holdings.page(after, 5);
      pages.push(...page);
      if (page.length < 5) break;
      after = page.at(-1)?.key ?? '';
    }
    const open = walks.filter(({ story }) => story.state.stage !== 'retired');
    expect(open.length).toBeGreaterThan(5);
    expect(pages.map(({ key }) => key)).toEqual(open.map(({ story }) => story.state.key).sort());
    for (const { key, team, holders } of pages) {
      const state = open.find(({ story }) => story.state.key === key)?.story.state;
      expect(team).toBe(state?.team.id);
      expect([...holders].sort()).toEqual([...new Set(Object.values(state?.rights ?? {}).flat())].sort());
    }
  });

  it('is unknown while the database cannot be reached', async () => {
    const pool = createPool('postgres://nobody@127.0.0.1:1/none');
    await expect(createHoldings(pool).page('', 5)).rejects.toThrow(LedgerUnavailable);
    await pool.end();
  });
});
