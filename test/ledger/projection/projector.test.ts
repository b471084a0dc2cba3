import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evolve } from '../../../src/domain/lifecycle/evolve.js';
import { fold } from '../../../src/domain/lifecycle/fold.js';
import { startDocument } from '../../../src/domain/lifecycle/start-input.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { createProjector, type Projector } from '../../../src/ledger/projection/projector.js';
import { compareProjections, rebuildProjections } from '../../../src/ledger/projection/rebuild.js';
import { projectionOf } from '../../../src/ledger/projection/row.js';
import { LedgerConflict, type LedgerEntry, LedgerGap } from '../../../src/ports/ledger.js';
import { Dice } from '../../support/decider/dice.js';
import { eventually } from '../../support/eventually.js';
import { MemoryDocuments } from '../../support/memory-documents.js';
import { openDatabase, type Pools } from './database.js';
import { putStart, type Walked, walked } from './walked.js';

const WALKS = 30;
const SEED = 20_261_124;

let database: Pools;
const documents = new MemoryDocuments();
const warnings: object[] = [];
const log = { warn: (what: object) => void warnings.push(what) };
const projectors: Projector[] = [];

function newLedger() {
  const projector = createProjector(database.app, documents, log);
  projectors.push(projector);
  return { projector, ledger: createPostgresLedger(database.app, projector.project) };
}

/** What is stored of a lifecycle, in the form that `projectionOf` gives. */
async function shown(key: string) {
  const { rows } = await database.app.query(
    `SELECT to_jsonb(l) AS row, view, standing FROM projection.lifecycle l JOIN projection.view USING (key)
      LEFT JOIN projection.standing USING (key) WHERE key = $1`,
    [key],
  );
  const found = rows[0] as { row: object; view: unknown; standing: unknown } | undefined;
  if (found?.standing == null) return found && { row: found.row, view: found.view };
  return { row: { ...found.row, standing: found.standing }, view: found.view };
}

/** What is to be shown of it after everything that happened. */
function expected({ story }: Walked): unknown {
  const [first, ...later] = story.recorded;
  if (first === undefined) throw new Error('nothing happened');
  let state = fold(story.start, [first]);
  let changed = { seq: 1, at: first.at };
  for (const { event, at } of later) {
    const next = evolve(state, event, at);
    const rest = (of: object) => Object.entries(of).filter(([name]) => name !== 'seq');
    const before = new Map<string, unknown>(rest(state));
    if (rest(next).some(([name, value]) => before.get(name) !== value)) changed = { seq: next.seq, at };
    state = next;
  }
  return JSON.parse(JSON.stringify(projectionOf({ state, changed })));
}

async function isShown(walk: Walked): Promise<void> {
  await eventually(`${walk.story.start.key} is shown`, async () =>
    isDeepStrictEqual(await shown(walk.story.start.key), expected(walk)),
  );
}

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(async () => {
  await Promise.all(projectors.map((projector) => projector.close()));
  await database.close();
});

/** Appends in batches as they come: cut at random, repeated, overlapping, too early, two at once. */
async function appendAtRandom(
  entries: readonly LedgerEntry[],
  dice: Dice,
  ledgers: () => Appending,
): Promise<void> {
  let done = 0;
  while (done < entries.length) {
    const from = Math.max(0, done - (dice.chance(30) ? dice.roll(6) : 0));
    const to = Math.min(entries.length, done + 1 + dice.roll(6));
    const batch = entries.slice(from, to);
    const appends = [ledgers().append(batch)];
    if (dice.chance(20)) appends.push(ledgers().append(batch));
    if (dice.chance(10)) appends.push(ledgers().append(entries.slice(to, to + 1 + dice.roll(3))));
    const outcomes = await Promise.allSettled(appends);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LedgerGap);
    }
    done = to;
  }
}
type Appending = { append(entries: readonly LedgerEntry[]): Promise<void> };

describe('the projection of a lifecycle', () => {
  it('is the fold of its events however they arrive, and what a rebuild makes of them', {
    timeout: 120_000,
  }, async () => {
    const dice = new Dice(SEED);
    const walks = Array.from({ length: WALKS }, (_, n) => walked(n, 60));
    await Promise.all(walks.map(({ story }) => putStart(documents, story)));
    const workers = [newLedger(), newLedger()];
    const ledgers = () => dice.pick(workers).ledger;

    await Promise.all(walks.map(({ entries }) => appendAtRandom(entries, dice, ledgers)));
    for (const walk of walks) await isShown(walk);
    expect(await compareProjections(database.app, documents)).toEqual({
      lifecycles: WALKS,
      failed: 0,
      named: [],
    });

    // They would make again what is missing.
    await Promise.all(workers.map(({ projector }) => projector.close()));
    await database.owner.query('TRUNCATE projection.lifecycle, projection.view');
    expect((await compareProjections(database.app, documents)).failed).toBe(WALKS);
    const told: number[] = [];
    const progress = (done: number): void => void told.push(done);
    const report = await rebuildProjections(database.owner, documents, { progress });
    expect(report).toEqual({ lifecycles: WALKS, failed: 0, named: [] });
    expect(told.at(-1)).toBe(WALKS);
    for (const walk of walks) expect(await shown(walk.story.start.key)).toEqual(expected(walk));
    expect(warnings).toEqual([]);
  });
});

describe('a comparison with the ledger', () => {
  it('names what was changed past it, and a rebuild mends all of it', async () => {
    const { owner } = database;
    await owner.query(`UPDATE projection.lifecycle SET held = NOT held WHERE key = 'walk-0001'`);
    await owner.query(
      `UPDATE projection.view SET view = jsonb_set(view::jsonb, '{title}', '"Other"')::json WHERE key = 'walk-0002'`,
    );
    await owner.query(`UPDATE projection.lifecycle SET seq = seq + 1 WHERE key = 'walk-0003'`);
    await owner.query(`INSERT INTO projection.lifecycle
      SELECT (jsonb_populate_record(l, '{"key": "invented"}')).* FROM projection.lifecycle l WHERE key = 'walk-0004'`);
    const { failed, named } = await compareProjections(owner, documents);
    expect(named.map((line) => line.split(':')[0]).sort()).toEqual([
      'invented',
      'walk-0001',
      'walk-0002',
      'walk-0003',
    ]);
    expect(failed).toBe(named.length);
    expect((await rebuildProjections(owner, documents)).failed).toBe(0);
    expect((await compareProjections(owner, documents)).failed).toBe(0);
  });

  it('goes on where it was stopped', async () => {
    const report = await compareProjections(database.app, documents, { after: 'walk-0019' });
    expect(report.lifecycles).toBe(10);
  });
});

describe('a lifecycle that cannot be folded', () => {
  it('is appended to all the same, told once, and shown once it can', async () => {
    const walk = walked(100, 40);
    const { projector, ledger } = newLedger();
    warnings.length = 0;
    for (const entry of walk.entries) await ledger.append([entry]);
    expect(await shown('walk-0100')).toBeUndefined();
    expect(projector.behind).toBe(1);
    expect(warnings).toHaveLength(1);
    expect((await rebuildProjections(database.owner, documents)).named).toEqual([
      expect.stringMatching(/^walk-0100: the start document sha256:\w+ is not in the document store$/),
    ]);

    await putStart(documents, walk.story);
    await isShown(walk);
    await eventually('nothing is behind', () => projector.behind === 0);
  });

  it('is caught up with by the next process', async () => {
    const walk = walked(101, 20);
    await createPostgresLedger(database.app).append(walk.entries);
    expect(await shown('walk-0101')).toBeUndefined();
    await putStart(documents, walk.story);
    newLedger();
    await isShown(walk);
  });
});

describe('a title that PostgreSQL cannot hold as JSON', () => {
  it.each([
    ['null\0', 1],
    [String.raw`written \u0000`, 0],
  ])('keeps no entries from the ledger: %j', async (title, behind) => {
    const walk = walked(103, 20);
    const key = `walk-${title.length}`;
    const { document, model } = startDocument({ ...walk.story.start, key, title });
    const entry = { ...walk.entries[0], id: `lifecycle/${key}/1`, lifecycle: key } as LedgerEntry;
    const { projector } = newLedger();
    const start = { ...(entry.data as object), start: await documents.put(document) };
    await documents.put(model);
    expect((await projector.project([{ ...entry, data: start }])) === null).toBe(behind === 1);
    expect(projector.behind).toBe(behind);
  });
});

describe('entries that are refused', () => {
  it('leave no trace in what is shown afterwards', async () => {
    const walk = walked(102, 30);
    const { entries } = walk;
    await putStart(documents, walk.story);
    const { ledger } = newLedger();
    await ledger.append(entries.slice(0, 10));
    const forged = { ...entries[10], type: 'Parked', data: { reason: 'x' } } as LedgerEntry;
    await createPostgresLedger(database.app).append(entries.slice(10, 12));
    await expect(ledger.append([forged])).rejects.toThrow(LedgerConflict);
    await ledger.append(entries.slice(12));
    await isShown(walk);
  });
});

describe('the application', () => {
  it('stores no row by itself, and changes none', async () => {
    const { app } = database;
    await expect(app.query(`SELECT projection.store(ARRAY['{}'::jsonb], ARRAY['{}'::json])`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(app.query('DELETE FROM projection.lifecycle')).rejects.toThrow(/permission denied/);
    const { rows } = await app.query(`SELECT projection.refresh('walk-0001', 1, '{}', '{}') AS stored`);
    expect(rows).toEqual([{ stored: false }]);
  });
});
