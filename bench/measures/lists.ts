import type pg from 'pg';
import { createPostgresReadModel } from '../../src/ledger/projection/read-model.js';
import type { ListQuery } from '../../src/ports/read-model.js';
import { type Result, result } from '../result.js';
import { median, percentile } from '../statistics.js';

const ROUNDS = 3;
const AT_ONCE = 10;
const QUERIES = 600;
const LIMIT = 50;

/** What people ask of a list, in turn. */
const NARROWED: readonly ((n: number, teams: number) => Partial<ListQuery>)[] = [
  () => ({ sort: 'due' }),
  (n, teams) => ({ team: `team-${n % teams}`, sort: 'due' }),
  () => ({ stage: 'specification', sort: 'updated' }),
  (n, teams) => ({ waitingOn: `builder-of-team-${n % teams}`, sort: 'due' }),
  () => ({ waitingOn: 'product', sort: 'opened' }),
  (n) => ({ q: `meetings ${n}`, sort: 'key' }),
  () => ({ held: true, tier: 'low', sort: 'updated' }),
  (n, teams) => ({ owner: `lead-of-team-${n % teams}`, sort: 'key' }),
];

/** Times of one kind of query in milliseconds, many at once. */
async function times(ask: (n: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let left = QUERIES;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        const n = left--;
        const begun = performance.now();
        await ask(n);
        took.push(performance.now() - begun);
      }
    }),
  );
  return took;
}

/**
 * Lists and inboxes of a filled database, read as the API reads them, beside reading one row by its key. Every tenth
 * inbox is that of somebody on whom a tenth of everything waits.
 */
export async function measureLists(
  pool: pg.Pool,
  { lifecycles, teams }: { lifecycles: number; teams: number },
  say: (line: string) => void,
): Promise<Result[]> {
  const model = createPostgresReadModel(pool);
  const everywhere = Array.from({ length: teams }, (_, n) => `team-${n}`);
  const kinds = {
    floor: (n: number) => model.team(`bench-${(n * 7) % lifecycles}`),
    inbox: (n: number) =>
      n % 10 === 0
        ? model.inbox('partner', everywhere, LIMIT)
        : model.inbox(`partner-of-team-${n % teams}`, [`team-${n % teams}`], LIMIT),
    list: (n: number) => {
      const narrowed = NARROWED[n % NARROWED.length]?.(n, teams);
      return model.lifecycles({ teams: null, sort: 'due', cursor: null, limit: LIMIT, ...narrowed });
    },
    portfolio: () => model.portfolio(null, Date.now()),
  };
  const names = ['floor', 'inbox', 'list', 'portfolio'] as const;
  const p95s: { [K in (typeof names)[number]]: number[] } = { floor: [], inbox: [], list: [], portfolio: [] };
  say(`lists of ${lifecycles} lifecycles, ${AT_ONCE} at once ...`);
  for (const name of names) await times(kinds[name]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) p95s[name].push(percentile(await times(kinds[name]), 0.95));
  }
  const floor = median(p95s.floor);
  const wanted = { of: 'ours', bound: 'at most', limit: 50 } as const;
  const of = `of ${lifecycles} open lifecycles, p95, ${AT_ONCE} at once`;
  return [
    result(`inbox ${of}`, 'ms', { ours: median(p95s.inbox), floor }, wanted),
    result(`list ${of}`, 'ms', { ours: median(p95s.list), floor }, wanted),
    result(`portfolio ${of}`, 'ms', { ours: median(p95s.portfolio), floor }),
  ];
}
