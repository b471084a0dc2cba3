import { afterAll, beforeAll, expect, it } from 'vitest';
import { standingOf } from '../../../src/domain/guard/standing.js';
import { createPostgresGuardSource } from '../../../src/ledger/guard/guard-source.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { createProjector } from '../../../src/ledger/projection/projector.js';
import { compareProjections, rebuildProjections } from '../../../src/ledger/projection/rebuild.js';
import { LedgerUnavailable } from '../../../src/ports/ledger.js';
import { MemoryDocuments } from '../../support/memory-documents.js';
import { openDatabase, type Pools } from '../projection/database.js';
import { putStart, type Walked, walked } from '../projection/walked.js';

let database: Pools;
let walks: readonly Walked[];
const documents = new MemoryDocuments();

beforeAll(async () => {
  database = await openDatabase();
  // Every fifth is brought live or to its end.
  walks = [0, 1, 4, 5, 10, 15, 20].map((n) => walked(n, 20));
});
afterAll(() => database.close());

it('tells what changed since a mark, of everything that was ever exposed and of nothing else', async () => {
  const projector = createProjector(database.app, documents, { warn: () => undefined });
  const ledger = createPostgresLedger(database.app, projector.project);
  const source = createPostgresGuardSource(database.app);
  const before = await source.changed(null);
  expect(before.standings).toEqual([]);
  for (const { story, entries } of walks) {
    await putStart(documents, story);
    await ledger.append(entries);
  }
  await projector.close();
  const exposed = walks.flatMap(({ story: { state, start } }) => {
    const standing = standingOf(state);
    return standing === null ? [] : [[start.key, standing]];
  });
  expect(exposed.length).toBeGreaterThan(2);
  const all = await source.changed(before.mark);
  expect(new Map(all.standings.map(({ key, standing }) => [key, standing]))).toEqual(
    new Map(exposed as never),
  );
  const later = await source.changed(all.mark);
  expect((await source.changed(later.mark)).standings).toEqual([]);
});

it('misses nothing that commits after what began later', async () => {
  const source = createPostgresGuardSource(database.app);
  const [slow, quick] = [await database.owner.connect(), await database.owner.connect()];
  const store = `INSERT INTO projection.standing (key, seq, standing) VALUES ($1, 1, '{}')`;
  await slow.query('BEGIN');
  await slow.query(store, ['slow']);
  await quick.query(store, ['quick']);
  const first = await source.changed((await source.changed(null)).mark);
  await slow.query('COMMIT');
  const second = await source.changed(first.mark);
  expect(second.standings.map(({ key }) => key)).toContain('slow');
  slow.release();
  quick.release();
  await database.owner.query(`DELETE FROM projection.standing WHERE key IN ('slow', 'quick')`);
});

it('is made again from the ledger, and a standing that is not what happened is found', async () => {
  expect(await compareProjections(database.app, documents)).toMatchObject({ failed: 0 });
  await database.owner.query(`UPDATE projection.standing SET standing = '{"team": "another"}'`);
  const { failed } = await compareProjections(database.app, documents);
  expect(failed).toBeGreaterThan(2);
  await rebuildProjections(database.owner, documents);
  expect(await compareProjections(database.app, documents)).toMatchObject({ failed: 0 });
});

it('tells every instance of a stop, by the number its command had first, until it was shown long ago', async () => {
  const source = createPostgresGuardSource(database.app);
  const stop = {
    key: 'told',
    command: 'c1',
    effect: 'stopped',
    scope: 'serving',
    seq: 7,
    ms: 10_000,
  } as const;
  const { mark } = await source.changed(null);
  expect(await source.tell(stop)).toBe(7);
  expect(await source.tell({ ...stop, seq: 9, ms: 0 })).toBe(7);
  const { stops } = await source.changed(mark);
  expect(stops).toEqual([{ ...stop, ms: expect.any(Number) }]);
  expect(stops[0]?.ms).toBeGreaterThan(5_000);
  expect(stops[0]?.ms).toBeLessThanOrEqual(10_000);

  // It was over long ago; nothing has shown it yet.
  await database.owner.query(`UPDATE guard.told SET until = now() - interval '31 days'`);
  await source.tell({ ...stop, key: 'another' });
  expect((await source.changed(null)).stops.map(({ key }) => key).sort()).toEqual(['another', 'told']);
  const store = `INSERT INTO projection.standing (key, seq, standing) VALUES ('told', 7, '{}')`;
  await database.owner.query(store);
  await source.tell({ ...stop, key: 'another' });
  expect((await source.changed(null)).stops.map(({ key }) => key)).toEqual(['another']);
  await database.owner.query(`DELETE FROM projection.standing WHERE key = 'told'`);
  await database.owner.query('DELETE FROM guard.told');
});

it('cannot be read while the database is away', async () => {
  const away = { query: () => Promise.reject(new Error('gone')) } as never;
  const source = createPostgresGuardSource(away);
  await expect(source.changed(null)).rejects.toThrow(LedgerUnavailable);
  const stop = { key: 'k', command: 'c1', effect: 'stopped', scope: 'serving', seq: 7, ms: 0 } as const;
  await expect(source.tell(stop)).rejects.toThrow(LedgerUnavailable);
});
