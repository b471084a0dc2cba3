import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectiveTier } from '../../../src/domain/lifecycle/rules.js';
import { commonView } from '../../../src/domain/lifecycle/view-of.js';
import { createPool } from '../../../src/ledger/pool.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { createProjector, type Projector } from '../../../src/ledger/projection/projector.js';
import { createPostgresReadModel } from '../../../src/ledger/projection/read-model.js';
import { CursorInvalid, LedgerUnavailable } from '../../../src/ports/ledger.js';
import {
  LIST_SORTS,
  type LifecycleRow,
  type ListQuery,
  type ListSort,
  type ReadModel,
} from '../../../src/ports/read-model.js';
import { MemoryDocuments } from '../../support/memory-documents.js';
import { openDatabase, type Pools } from './database.js';
import { putStart, type Walked, walked } from './walked.js';

const WALKS = 40;
const PLACES: { readonly [S in ListSort]: (row: LifecycleRow) => number } = {
  key: () => 0,
  due: ({ nextDue }) => nextDue ?? Number.MAX_VALUE,
  updated: ({ updatedAt }) => -updatedAt,
  opened: ({ openedAt }) => -openedAt,
};
const EVERYTHING: ListQuery = { teams: null, sort: 'key', cursor: null, limit: 200 };

let database: Pools;
let projector: Projector;
let model: ReadModel;
let walks: readonly Walked[];

const at = ({ entries }: Walked): number => entries.at(-1)?.at ?? 0;
const viewed = (walk: Walked) => ({ ...walk, view: commonView(walk.story.state, at(walk)) });
const keys = (rows: readonly { key: string }[]) => rows.map(({ key }) => key);

beforeAll(async () => {
  database = await openDatabase();
  const documents = new MemoryDocuments();
  walks = Array.from({ length: WALKS }, (_, n) => walked(n, 10 + 3 * n));
  projector = createProjector(database.app, documents, {
    warn: (what: object) => expect(what).toBeUndefined(),
  });
  const ledger = createPostgresLedger(database.app, projector.project);
  for (const { story, entries } of walks) {
    await putStart(documents, story);
    await ledger.append(entries);
  }
  model = createPostgresReadModel(database.app);
}, 60_000);
afterAll(async () => {
  await projector.close();
  await database.close();
});

/** The whole list in pages of seven. */
async function listed(query: Partial<ListQuery>): Promise<LifecycleRow[]> {
  const rows: LifecycleRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ReadModel['lifecycles']>> = await model.lifecycles({
      ...EVERYTHING,
      ...query,
      cursor,
      limit: 7,
    });
    expect(page.items.length).toBeLessThanOrEqual(7);
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

describe('the list of lifecycles', () => {
  it('shows each as its events leave it', async () => {
    const rows = await listed({});
    expect(rows).toHaveLength(WALKS);
    for (const [n, walk] of walks.entries()) {
      const { state } = walk.story;
      const dues = viewed(walk).view.waitingOn.flatMap(({ due }) => due ?? []);
      expect(rows[n]).toMatchObject({
        key: state.key,
        title: state.title,
        stage: state.stage,
        mode: state.mode,
        tier: effectiveTier(state.tier),
        team: state.team.id,
        release: state.serving?.release.label ?? null,
        nextDue: dues.length > 0 ? Math.min(...dues) : null,
        held: state.holds.length > 0,
        owners: state.rights,
        openedAt: state.openedAt,
        updatedAt: at(walk),
        version: state.seq,
      });
      expect(rows[n]?.waitingOn).toEqual([...new Set(viewed(walk).view.waitingOn.map(({ who }) => who))]);
    }
  });

  it.each(LIST_SORTS)(
    'is sorted by %s, page after page, nothing twice and nothing left out',
    async (sort) => {
      const rows = await listed({ sort });
      expect(keys(rows).sort()).toEqual(keys(walks.map(({ story }) => story.state)));
      const places = rows.map((row) => PLACES[sort](row));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    },
  );

  it('is narrowed by everything that is asked, together', async () => {
    const cases: readonly [Partial<ListQuery>, (walk: ReturnType<typeof viewed>) => boolean][] = [
      [{ stage: 'scoping' }, ({ view }) => view.stage === 'scoping'],
      [{ mode: 'pilot' }, ({ view }) => view.mode === 'pilot'],
      [{ tier: 'high' }, ({ view }) => view.tier.effective === 'high'],
      [{ team: 'tax-filing' }, ({ view }) => view.team === 'tax-filing'],
      [{ teams: ['tax-filing', 'other'] }, ({ view }) => view.team === 'tax-filing'],
      [{ teams: [] }, () => false],
      [{ held: true }, ({ view }) => view.holds.length > 0],
      [{ held: false, mode: 'governed' }, ({ view }) => view.holds.length === 0 && view.mode === 'governed'],
      [{ owner: 'omkar' }, ({ view }) => Object.values(view.rights).flat().includes('omkar')],
      [
        { waitingOn: 'right:technicalOwner' },
        ({ view }) => view.waitingOn.some(({ who }) => who === 'right:technicalOwner'),
      ],
      [{ waitingOn: 'risk' }, ({ view }) => view.waitingOn.some(({ who }) => /:risk(-\d+)?$/.test(who))],
      [{ waitingOn: 'gita' }, ({ view }) => view.waitingOn.some(({ people }) => people.includes('gita'))],
      [{ q: 'onboarding  100%' }, ({ view }) => view.title.includes('100%')],
      [{ q: '%' }, ({ view }) => view.title.includes('%')],
      [{ q: 'BROKER walk-0006' }, ({ view }) => view.key === 'walk-0006'],
      [{ q: String.raw`\_` }, () => false],
    ];
    const all = walks.map(viewed);
    for (const [query, holds] of cases) {
      const wanted = keys(all.filter(holds).map(({ view }) => view));
      expect(keys(await listed(query)), JSON.stringify(query)).toEqual(wanted);
      expect(keys(await listed({ ...query, sort: 'updated' })).sort()).toEqual(wanted);
    }
  });

  it('refuses a cursor of another sort, of nobody, and of somebody who tries', async () => {
    const { nextCursor } = await model.lifecycles({ ...EVERYTHING, sort: 'due', limit: 1 });
    const forged = [[], null, ['key'], ['key', 'x', 'y'], ['key', 0, 7], ['key', 0, 'a\0']];
    const cursors = forged.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    for (const cursor of [nextCursor ?? '', '', 'x', '"; DROP', ...cursors]) {
      await expect(model.lifecycles({ ...EVERYTHING, cursor })).rejects.toThrow(CursorInvalid);
    }
  });
});

describe('an inbox', () => {
  const people = ['gita', 'leena', 'hari', 'omkar', 'asha', 'nobody'];

  it.each(people)('of %s has all that waits on them, the soonest first', async (person) => {
    const items = await model.inbox(person, ['tax-filing', 'broker-onboarding'], 1_000);
    const wanted = walks.flatMap((walk) => {
      const { key, title, stage, team } = viewed(walk).view;
      const tier = effectiveTier(walk.story.state.tier);
      return viewed(walk)
        .view.waitingOn.filter((waiting) => waiting.people.includes(person))
        .map((waiting) => ({ ...waiting, key, title, stage, tier, team }));
    });
    const order = (a: { due: number | null }, b: { due: number | null }) =>
      (a.due ?? Number.MAX_VALUE) - (b.due ?? Number.MAX_VALUE);
    expect(items).toHaveLength(wanted.length);
    expect(items).toEqual(expect.arrayContaining(wanted));
    expect(items.map(({ due }) => due)).toEqual(wanted.toSorted(order).map(({ due }) => due));
    const first = await model.inbox(person, ['tax-filing', 'broker-onboarding'], 3);
    expect(first.map(({ due }) => due)).toEqual(items.slice(0, 3).map(({ due }) => due));
  });

  it('shows nothing of other teams', async () => {
    const items = await model.inbox('gita', ['tax-filing'], 1_000);
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map(({ team }) => team))).toEqual(new Set(['tax-filing']));
    expect(await model.inbox('gita', [], 1_000)).toEqual([]);
  });
});

describe('the portfolio', () => {
  it('counts what is open', async () => {
    const open = walks.map(({ story }) => story.state).filter(({ stage }) => stage !== 'retired');
    const { byStage, byTier, byMode, byTeam, ...totals } = await model.portfolio(
      null,
      Number.MAX_SAFE_INTEGER,
    );
    const rows = await listed({});
    expect(totals).toEqual({
      open: open.length,
      held: open.filter(({ holds }) => holds.length > 0).length,
      overdue: rows.filter(({ nextDue }) => nextDue !== null).length,
    });
    for (const groups of [byStage, byTier, byMode, byTeam]) {
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(open.length);
    }
    for (const { stage, count, oldest } of byStage) {
      const own = open.filter((state) => state.stage === stage);
      expect([count, oldest]).toEqual([own.length, Math.min(...own.map(({ openedAt }) => openedAt))]);
    }
    const ofTeam = open.filter(({ team }) => team.id === 'tax-filing').length;
    const narrowed = await model.portfolio(['tax-filing'], 0);
    expect(narrowed).toMatchObject({
      open: ofTeam,
      overdue: 0,
      byTeam: [{ team: 'tax-filing', count: ofTeam }],
    });
    expect(await model.portfolio([], 0)).toEqual({
      ...{ open: 0, held: 0, overdue: 0 },
      ...{ byStage: [], byTier: [], byMode: [], byTeam: [] },
    });
  });
});

describe('one lifecycle', () => {
  it('is shown as the workflow would show it, without what depends on the caller', async () => {
    for (const walk of walks) {
      const { view } = viewed(walk);
      expect(await model.view(view.key)).toEqual({ view: JSON.parse(JSON.stringify(view)), asOf: at(walk) });
      expect(await model.team(view.key)).toBe(view.team);
    }
    expect(await model.view('unknown')).toBeUndefined();
    expect(await model.team('unknown')).toBeUndefined();
  });

  it('gives its entries of some types, oldest first, behind a position', async () => {
    const { entries, story } = walks.at(-1) as Walked;
    const types = ['RightAssigned', 'GateOpened'] as const;
    const wanted = entries.filter(({ type }) => types.some((one) => one === type));
    const found = await model.entriesOfType(story.state.key, types, 0, 1_000);
    expect(found.map(({ position: _position, hash: _hash, ...entry }) => entry)).toEqual(wanted);
    expect(await model.entriesOfType(story.state.key, types, found[1]?.position ?? 0, 1)).toEqual([found[2]]);
  });
});

describe('what the ledger knows of', () => {
  it('is counted by lifecycle, and compared with what is shown', async () => {
    const recorded = await model.recorded(['walk-0003', 'walk-0004', 'unknown']);
    expect([...recorded]).toEqual(
      walks.slice(3, 5).map(({ story, entries }) => [story.state.key, entries.length]),
    );
    expect(await model.behind()).toBe(0);
    await createPostgresLedger(database.app).append(walked(60, 10).entries);
    expect(await model.behind()).toBe(1);
  });
});

describe('the parts of lifecycles as tables', () => {
  it('hold what the views hold', async () => {
    const views = walks.map((walk) => viewed(walk).view);
    const count = async (table: string) => {
      const { rows } = await database.app.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM projection.${table}`,
      );
      return rows[0]?.n;
    };
    const sum = (of: (view: (typeof views)[number]) => number) =>
      views.reduce((all, view) => all + of(view), 0);
    expect(await count('gate')).toBe(sum(({ gates }) => gates.length));
    expect(await count('seat')).toBe(sum(({ gates }) => gates.reduce((n, { seats }) => n + seats.length, 0)));
    expect(await count('condition')).toBe(sum(({ conditions }) => conditions.length));
    expect(await count('hold')).toBe(sum(({ holds }) => holds.length));
    expect(await count('evidence')).toBe(sum(({ delivery }) => delivery?.evidence.length ?? 0));
    expect(await count('release')).toBe(
      sum(({ serving, candidate }) => Number(!!serving) + Number(!!candidate)),
    );
    const { rows } = await database.app.query('SELECT * FROM projection.release ORDER BY key, role DESC');
    const [serving] = views.flatMap((view) => (view.serving ? [view] : []));
    expect(rows).toContainEqual({
      ...{
        key: serving?.key,
        role: 'serving',
        label: serving?.serving?.label,
        release: serving?.serving?.release,
      },
      ...{ percent: serving?.serving?.percent, step: null, phase: null },
    });
  });
});

describe('a database that is away', () => {
  it('is told as such', async () => {
    const pool = createPool('postgres://nobody@127.0.0.1:1/none');
    const away = createPostgresReadModel(pool);
    await expect(away.lifecycles(EVERYTHING)).rejects.toThrow(LedgerUnavailable);
    await expect(away.inbox('gita', [], 1)).rejects.toThrow(LedgerUnavailable);
    await pool.end();
  });
});
