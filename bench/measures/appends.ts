import type pg from 'pg';
import { canonicalForm } from '../../src/domain/digest.js';
import type { Ledger, LedgerEntry } from '../../src/ports/ledger.js';
import type { Maker } from '../ours/lifecycles.js';
import { type Result, result } from '../result.js';
import { median } from '../statistics.js';

const ROUNDS = 3;
const ROUND_MS = 1_000;
/** Entries of one append: the least there is, what a transition leaves in the outbox, and what an outage does. */
const SIZES = [1, 3, 20] as const;
const COMMENTS = 60;
/** More than any round can use up. */
const LIFECYCLES = 9_000;

/** Loops over what `begin` answers, so many at once, and answers with the sum of what came of it per second. */
async function rate(atOnce: number, begin: () => () => Promise<number>): Promise<number> {
  const begun = performance.now();
  let sum = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const next = begin();
      while (performance.now() - begun < ROUND_MS) {
        const done = await next();
        // Not `sum += await`: that would read the sum before the others have added to it.
        sum += done;
      }
    }),
  );
  return (sum * 1_000) / (performance.now() - begun);
}

/**
 * Entries appended with chain and projection, a few at a time as the drain does, beside inserting the same bytes into
 * a plain table, a row a transaction. `first`: the number from which lifecycles are free.
 */
export async function measureAppends(
  {
    ledger,
    owner,
    make,
    store,
  }: {
    ledger: Ledger;
    owner: pg.Pool;
    make: Maker;
    store: (made: ReturnType<Maker>) => Promise<void>;
  },
  first: number,
  say: (line: string) => void,
): Promise<Result[]> {
  await owner.query('CREATE TABLE bench_raw (id bigserial PRIMARY KEY, body text NOT NULL)');
  say('preparing lifecycles to append ...');
  const lifecycles: LedgerEntry[][] = [];
  for (let n = 0; n < LIFECYCLES; n++) {
    const made = make(first + 4 * n, COMMENTS);
    await store(made);
    lifecycles.push([...made.entries]);
  }
  const bodies = lifecycles
    .slice(0, 200)
    .flat()
    .map((entry) => canonicalForm(entry));

  let inserted = 0;
  const raw = () => async (): Promise<number> => {
    const values = [bodies[inserted++ % bodies.length]];
    await owner.query({ name: 'raw', text: 'INSERT INTO bench_raw (body) VALUES ($1)', values });
    return 1;
  };
  /** Appends to a lifecycle of its own, as a drain does, and takes the next when that has ended. */
  const ours = (size: number) => () => {
    let mine: LedgerEntry[] = [];
    return async (): Promise<number> => {
      if (mine.length === 0) mine = lifecycles.pop() ?? [];
      const batch = mine.splice(0, size);
      if (batch.length === 0) throw new Error('too few lifecycles were prepared');
      await ledger.append(batch);
      return batch.length;
    };
  };
  const results: Result[] = [];
  for (const atOnce of [1, 10, 40]) {
    for (const size of SIZES) {
      say(`appends of ${size}, ${atOnce} at once ...`);
      const rates: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
      for (let round = 0; round < ROUNDS; round++) {
        rates.floor.push(await rate(atOnce, raw));
        rates.ours.push(await rate(atOnce, ours(size)));
      }
      const pair = { ours: median(rates.ours), floor: median(rates.floor) };
      const wanted = { of: 'ratio', bound: 'at least', limit: 0.7 } as const;
      results.push(result(`entries appended, ${size} an append, ${atOnce} at once`, '1/s', pair, wanted));
    }
  }
  return results;
}
