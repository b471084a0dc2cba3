import type pg from 'pg';
import { createPool } from '../src/ledger/pool.js';
import { createPostgresLedger } from '../src/ledger/postgres-ledger.js';
import { type Ledger, type LedgerEntry, LedgerGap } from '../src/ports/ledger.js';
import { startPostgres } from '../test/support/postgres.js';
import { inspect } from './inspect.js';
import { between, randomFrom } from './random.js';
import type { Suite } from './suite.js';

const APPENDERS = 50;
const CHAINS = 10;
const EVENTS = 200;
const REFUSALS = 20;
const MOST_AT_ONCE = 7;

function event(lifecycle: string, seq: number): LedgerEntry {
  const id = `lifecycle/${lifecycle}/${seq}`;
  return {
    id,
    lifecycle,
    kind: 'event',
    seq,
    at: seq,
    type: 'Resumed',
    by: null,
    command: null,
    data: { seq },
  };
}

function refusal(lifecycle: string, request: string): LedgerEntry {
  const id = `refusal/${request}`;
  return {
    id,
    lifecycle,
    kind: 'refusal',
    seq: null,
    at: 1,
    type: 'held',
    by: 'asha',
    command: null,
    data: {},
  };
}

/** What one appender did: appends that were refused as gaps, or repeated what another had appended. */
interface Tally {
  collisions: number;
  slowestMs: number;
}

/** Appends the whole of a chain as a retrying drain would, among others who do the same, and refusals of its own. */
async function appendChain(
  ledger: Ledger,
  chain: string,
  name: string,
  random: () => number,
): Promise<Tally> {
  const tally: Tally = { collisions: 0, slowestMs: 0 };
  const append = async (entries: readonly LedgerEntry[]): Promise<boolean> => {
    const begun = performance.now();
    try {
      await ledger.append(entries);
      return true;
    } catch (error) {
      if (!(error instanceof LedgerGap)) throw error;
      tally.collisions++;
      return false;
    } finally {
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - begun);
    }
  };
  let refused = 0;
  for (let next = 1; next <= EVENTS; ) {
    const from = Math.max(1, next - between(random, 0, 3));
    const skipped = random() < 0.1 ? 1 : 0;
    const to = Math.min(EVENTS, next + between(random, 0, MOST_AT_ONCE - 1));
    const events = Array.from({ length: to - from + 1 }, (_, i) => event(chain, from + i + skipped));
    const fitting = events.filter(({ seq }) => (seq ?? 0) <= EVENTS);
    if (from < next) tally.collisions++;
    if ((await append(fitting)) && skipped === 0) next = to + 1;
    if (refused < REFUSALS) await append([refusal(chain, `${name}-${refused++}`)]);
  }
  while (refused < REFUSALS) await append([refusal(chain, `${name}-${refused++}`)]);
  return tally;
}

/** 50 appenders on 10 chains, over a pool for every five of them: no gap, no fork, everything once. */
export const concurrentAppenders: Suite = {
  name: 'concurrent-appenders',
  async run({ seed }) {
    const postgres = await startPostgres({ from: 'embedded' });
    const pools: pg.Pool[] = [];
    try {
      const { ownerUrl, appUrl } = await postgres.freshDatabase();
      for (let i = 0; i < APPENDERS / 5; i++) pools.push(createPool(appUrl, { max: 3 }));
      const ledgers = pools.map((pool) => createPostgresLedger(pool));
      const tallies = await Promise.all(
        Array.from({ length: APPENDERS }, async (_, i) => {
          const ledger = ledgers[i % ledgers.length];
          if (ledger === undefined) throw new TypeError('no pool');
          return appendChain(ledger, `c${i % CHAINS}`, `a${i}`, randomFrom(seed + i));
        }),
      );
      const expected = new Map<string, Set<string>>();
      for (let i = 0; i < CHAINS; i++) {
        const ids = Array.from({ length: EVENTS }, (_, seq) => event(`c${i}`, seq + 1).id);
        expected.set(`lifecycle/c${i}`, new Set(ids));
      }
      for (let i = 0; i < APPENDERS; i++) {
        const ids = expected.get(`lifecycle/c${i % CHAINS}`);
        for (let n = 0; n < REFUSALS; n++) ids?.add(`refusal/a${i}-${n}`);
      }
      const found = await inspect(ownerUrl, expected);
      const fired = tallies.reduce((sum, { collisions }) => sum + collisions, 0);
      const { lost, duplicated, broken } = found;
      return {
        name: 'concurrent-appenders',
        n: CHAINS * EVENTS,
        fired,
        lost,
        duplicated,
        slowestRecoveryMs: Math.max(...tallies.map(({ slowestMs }) => slowestMs)),
        seed,
        ok: fired > APPENDERS && lost === 0 && duplicated === 0 && broken === 0,
      };
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
      await postgres.stop();
    }
  },
};
