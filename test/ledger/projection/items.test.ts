import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { USABLE_MS } from '../../../src/domain/operations/decide-item.js';
import { itemView } from '../../../src/domain/operations/item-view.js';
import { createPool } from '../../../src/ledger/pool.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { createPostgresItems } from '../../../src/ledger/projection/items.js';
import { createProjector } from '../../../src/ledger/projection/projector.js';
import { compareItems, rebuildItems } from '../../../src/ledger/projection/refold-items.js';
import type { ItemModel } from '../../../src/ports/item-model.js';
import {
  CursorInvalid,
  type Ledger,
  type LedgerEntry,
  LedgerUnavailable,
} from '../../../src/ports/ledger.js';
import { ACTION, ItemStory, OPENED, OTHER, TERMS } from '../../domain/operations/item-story.js';
import { play, step, terms } from '../../domain/operations/random-items.js';
import { HOUR } from '../../support/decider/time.js';
import { MemoryDocuments } from '../../support/memory-documents.js';
import { openDatabase, type Pools } from './database.js';
import { putStart, walked } from './walked.js';

let database: Pools;
let ledger: Ledger;
let items: ItemModel;

beforeAll(async () => {
  database = await openDatabase();
  ledger = createPostgresLedger(database.app);
  items = createPostgresItems(database.app);
});
afterAll(() => database.close());

let named = 0;
const unique = (prefix: string): string => `${prefix}-${++named}`;
const listed = async (lifecycle: string, more: object = {}) =>
  (await items.list({ lifecycle, now: OPENED, cursor: null, limit: 200, ...more })).items;

describe('an item in the lists', () => {
  test('is what the domain folds its entries to, however it went, and the same after a rebuild', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(terms, fc.array(step, { maxLength: 12 })), { minLength: 1, maxLength: 4 }),
        async (all) => {
          const lifecycle = unique('folded');
          const stories = all.map(([given, steps], n) => {
            const story = new ItemStory({ ...given, lifecycle }, 'lab', `i-${n}`);
            play(story, steps);
            return story;
          });
          for (const { entries } of stories) await ledger.append(entries);
          // Told again, as after a lost answer.
          for (const { entries } of stories) await ledger.append(entries.slice(-2));
          const views = stories.map(({ state }) => itemView(state));
          const byId = (a: { item: string }, b: { item: string }) => (a.item < b.item ? -1 : 1);
          expect([...(await listed(lifecycle))].sort(byId)).toEqual(views);
          await database.owner.query(
            `UPDATE projection.item SET status = 'used', differed = 7 WHERE key = $1`,
            [lifecycle],
          );
          await database.owner.query('SELECT projection.refold_items($1)', [lifecycle]);
          expect([...(await listed(lifecycle))].sort(byId)).toEqual(views);
        },
      ),
      { numRuns: 60 },
    );
    expect(await compareItems(database.app)).toEqual([]);
  });

  test('that was changed by hand is found, and mended by a rebuild of everything', async () => {
    const [changed, gone, invented] = ['changed', 'gone', 'invented'].map(unique) as [string, string, string];
    for (const lifecycle of [changed, gone]) await ledger.append(new ItemStory({ lifecycle }).entries);
    await database.owner.query(`UPDATE projection.item SET status = 'approved' WHERE key = $1`, [changed]);
    await database.owner.query('DELETE FROM projection.item WHERE key = $1', [gone]);
    await database.owner.query(
      `INSERT INTO projection.item (key, item,
        seq, team, queue, status, action, clause, "case", owner, function, second_line, default_outcome, due, settles,
        opened_at, opened_by, decided_at, decided_by, until, differed) SELECT $1, item, seq, team, queue, status, action, clause, "case", owner, function,
        second_line, default_outcome, due, settles, opened_at, opened_by, decided_at, decided_by, until, differed
        FROM projection.item WHERE key = $2`,
      [invented, changed],
    );
    expect([...(await compareItems(database.app))].sort()).toEqual(
      [
        `${changed}: item i-1 is not what its entries lead to`,
        `${gone}: item i-1 is not what its entries lead to`,
        `${invented}: the ledger does not hold item i-1, which is shown`,
      ].sort(),
    );
    await rebuildItems(database.owner);
    expect(await compareItems(database.app)).toEqual([]);
  });

  test('does not stand in the way of the ledger where an entry is none', async () => {
    const lifecycle = unique('odd');
    const odd = (n: number, type: string, data: LedgerEntry['data']): LedgerEntry => ({
      id: `review/${lifecycle}/odd/${n}`,
      lifecycle,
      kind: 'item',
      seq: null,
      at: OPENED,
      type,
      by: null,
      command: null,
      data,
    });
    await ledger.append([
      odd(1, 'ItemOpened', { item: 'odd', n: 'one' }),
      odd(2, 'ItemUsed', null),
      odd(3, 'ItemOpened', {}),
    ]);
    expect((await ledger.read(lifecycle, null, 10)).entries).toHaveLength(3);
    expect(await listed(lifecycle)).toEqual([]);
  });

  test('is changed by nobody but the ledger', async () => {
    await expect(database.app.query(`UPDATE projection.item SET status = 'approved'`)).rejects.toThrow(
      /permission/,
    );
    await expect(database.app.query(`SELECT projection.refold_items('x')`)).rejects.toThrow(/permission/);
  });
});

describe('their list', () => {
  const lifecycle = 'listed';
  const stories = [
    new ItemStory({ lifecycle }, 'ci', 'a').decides('meera').uses(),
    new ItemStory({ lifecycle, queue: 'other' }, 'ci', 'b').after(5 * HOUR).wakes(),
    new ItemStory({ lifecycle }, 'ci', 'c').decides('meera').uses(OTHER),
    new ItemStory({ lifecycle }, 'ci', 'd'),
  ];
  beforeAll(async () => {
    for (const { entries } of stories) await ledger.append(entries);
  });

  test('comes in pages, last opened first', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await items.list({ lifecycle, now: OPENED, cursor, limit: 3 });
      seen.push(...page.items.map(({ item }) => item));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['d', 'c', 'b', 'a']);
    await expect(items.list({ lifecycle, now: 0, cursor: 'zzz', limit: 3 })).rejects.toThrow(CursorInvalid);
  });

  test('is narrowed by status and by lateness', async () => {
    const ids = async (query: object) => (await listed(lifecycle, query)).map(({ item }) => item);
    expect(await ids({ status: 'used' })).toEqual(['a']);
    expect(await ids({ status: 'approved' })).toEqual(['c']);
    expect(await ids({ late: true, now: OPENED + 5 * HOUR })).toEqual(['d', 'b']);
    expect(await ids({ late: true })).toEqual([]);
    expect(await ids({ late: false, now: OPENED + 5 * HOUR })).toEqual(['c', 'a']);
    expect(await items.knows(lifecycle, 'a')).toBe(true);
    expect(await items.knows(lifecycle, 'z')).toBe(false);
  });
});

describe('inbox and counts', () => {
  const silent = { warn: (what: object) => expect(what).toBeUndefined() };
  let lifecycle: string;
  let team: string;

  beforeAll(async () => {
    const documents = new MemoryDocuments();
    const walk = walked(0, 10);
    await putStart(documents, walk.story);
    const projector = createProjector(database.app, documents, silent);
    await createPostgresLedger(database.app, projector.project).append(walk.entries);
    await projector.close();
    lifecycle = walk.story.start.key;
    // Of a team that no other test has.
    team = 'counted';
    const of = (id: string, more: object = {}) => new ItemStory({ lifecycle, team, ...more }, 'ci', id);
    for (const { entries } of [
      of('first'),
      of('late', { due: OPENED + HOUR, settles: OPENED + 2 * HOUR, queue: 'slow' })
        .after(HOUR)
        .wakes(),
      of('decided').decides('meera', 'deny'),
    ])
      await ledger.append(entries);
  });

  const inbox = async (person: string, functions: readonly string[], teams = [team]) =>
    (await items.inbox(person, functions as never, teams, 10)).map(({ what }) => what.split(/[ ,;]/)[2]);

  test('what people can decide waits on them, soonest first', async () => {
    expect(await inbox('meera', [])).toEqual(['late', 'first']);
    expect(await inbox('farah', [])).toEqual(['late']);
    expect(await inbox('deepak', ['operations'])).toEqual(['late', 'first']);
    expect(await inbox('asha', ['business'])).toEqual([]);
    expect(await inbox('meera', [], ['another'])).toEqual([]);
    const [item] = await items.inbox('farah', [], [team], 1);
    expect(item).toMatchObject({
      key: lifecycle,
      kind: 'item',
      who: 'queue:slow',
      people: ['meera', 'farah'],
      gate: null,
      due: OPENED + 2 * HOUR,
    });
  });

  test('those that are open and late are counted, also by queue', async () => {
    expect(await items.counts([team], OPENED + HOUR + 1)).toEqual({ open: 2, late: 1 });
    expect(await items.counts([], OPENED)).toEqual({ open: 0, late: 0 });
    expect((await items.counts(null, OPENED)).open).toBeGreaterThanOrEqual(2);
    expect((await items.lateByQueue(OPENED + HOUR + 1)).get('slow')).toBe(1);
  });
});

test('a database that is away is said to be', async () => {
  const pool = createPool('postgres://nobody@127.0.0.1:1/nothing', { max: 1 });
  await expect(createPostgresItems(pool).counts(null, 0)).rejects.toThrow(LedgerUnavailable);
  await pool.end();
});

test('what is used was approved: nothing else is in the entries either', () => {
  const { entries } = new ItemStory()
    .decides('meera')
    .after(USABLE_MS - 1)
    .uses();
  expect(entries.map(({ type }) => type)).toEqual(['ItemOpened', 'ItemApproved', 'ItemUsed']);
  expect(entries.at(-1)?.data).toMatchObject({ action: ACTION });
  expect(TERMS.lifecycle).toBe(entries[0]?.lifecycle);
});
