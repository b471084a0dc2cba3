import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenStates } from '../../../src/ledger/policy/open-states.js';
import { createPublications } from '../../../src/ledger/policy/publications.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { createProjector, type Projector } from '../../../src/ledger/projection/projector.js';
import type { LedgerEntry } from '../../../src/ports/ledger.js';
import { MemoryDocuments } from '../../support/memory-documents.js';
import { openDatabase, type Pools } from '../projection/database.js';
import { putStart, walked } from '../projection/walked.js';

let database: Pools;
let projector: Projector;
const documents = new MemoryDocuments();

beforeAll(async () => {
  database = await openDatabase();
  projector = createProjector(database.app, documents, { warn: () => undefined });
});
afterAll(async () => {
  await projector.close();
  await database.close();
});

describe('the open lifecycles', () => {
  it('come page by page as their events leave them; whoever cannot be folded is named, and the closed are left out', async () => {
    const ledger = createPostgresLedger(database.app, projector.project);
    const walks = Array.from({ length: 6 }, (_, n) => walked(n, 20));
    for (const [n, { story, entries }] of walks.entries()) {
      // The start of the last one is lost, and the model that others share with it is not.
      if (n < 5) await putStart(documents, story);
      await ledger.append(entries);
    }
    const openStates = createOpenStates(database.app, documents);
    const seen = new Map<string, unknown>();
    const unseen: string[] = [];
    let after: string | null = null;
    do {
      const page = await openStates.page(after, 2);
      for (const state of page.states) seen.set(state.key, state);
      unseen.push(...page.unseen);
      after = page.next;
    } while (after !== null);
    const open = walks.slice(0, 5).filter(({ story }) => story.state.stage !== 'retired');
    expect([...seen.keys()].sort()).toEqual(open.map(({ story }) => story.start.key).sort());
    for (const { story } of open)
      expect(seen.get(story.start.key)).toEqual(JSON.parse(JSON.stringify(story.state)));
    expect(unseen).toEqual(['walk-0005']);
  });
});

describe('the publications', () => {
  const entry = (version: number, n: number, type: string, data: object): LedgerEntry => ({
    id: `policy/standard/${version}/${n}`,
    lifecycle: null,
    kind: 'policy',
    seq: null,
    at: n,
    type,
    by: null,
    command: null,
    data: { name: 'standard', version, ...data },
  });
  const digest = `sha256:${'8e'.repeat(32)}`;

  it('are what the ledger says, and so is what is still to be decided', async () => {
    const proposed = { document: digest, proposer: 'uma' };
    await createPostgresLedger(database.app).append([
      entry(2, 1, 'OperatingModelProposed', proposed),
      entry(2, 2, 'PolicyGateClosed', { outcome: 'passed' }),
      entry(2, 3, 'OperatingModelPublished', { digest, effects: digest }),
      entry(3, 1, 'OperatingModelProposed', proposed),
      entry(3, 2, 'PolicyGateClosed', { outcome: 'superseded' }),
      entry(4, 1, 'OperatingModelProposed', proposed),
      entry(4, 2, 'PolicyGateClosed', { outcome: 'rejected' }),
      entry(5, 1, 'OperatingModelProposed', proposed),
      entry(5, 2, 'PolicyLapsed', { why: 'nobody decided' }),
    ]);
    const publications = createPublications(database.app);
    expect(await publications.published()).toEqual([
      { name: 'standard', version: 2, digest, at: 3, proven: true },
    ]);
    const open = (await publications.proposed()).map(({ version, open: still }) => [version, still]);
    expect(open).toEqual([
      [2, false],
      [3, true],
      [4, false],
      [5, false],
    ]);
  });

  it('are not believed without signed answers where proofs are asked for', async () => {
    const [only] = await createPublications(database.app, async () => ['00'.repeat(32)]).published();
    expect(only).toMatchObject({ version: 2, proven: false });
  });
});
