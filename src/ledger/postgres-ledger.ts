import pg from 'pg';
import { reason } from '../adapters/system-error.js';
import { canonicalForm } from '../domain/digest.js';
import {
  CursorInvalid,
  type Ledger,
  LedgerConflict,
  type LedgerEntry,
  LedgerGap,
  LedgerUnavailable,
} from '../ports/ledger.js';
import { createAppendQueue, type Queued } from './append-queue.js';
import { chainOf } from './chain.js';
import { placed, type StoredEntry } from './stored-entry.js';

/** The list row of a lifecycle as of the event `seq`, stored in the transaction of the append. */
interface Projected {
  readonly seq: number;
  /** As JSON; null: what was stored before is still right. */
  readonly row: string | null;
  readonly view: string | null;
  /** Called once the entries are durable. */
  readonly kept: () => void;
}

/** Folds what is about to be appended to one lifecycle; null where there is nothing to show of it. Never throws. */
type Project = (entries: readonly LedgerEntry[]) => Promise<Projected | null>;

const CONFLICT = 'AW001';
const GAP = 'AW002';
const UNIQUE = '23505';
const NOT_NEXT = 'AW003';

const APPEND = {
  name: 'append',
  text: 'SELECT ledger.append($1, $2, $3, $4, $5, $6, $7, $8, $9)',
};
const APPEND_NEXT = {
  name: 'append-next',
  text: 'SELECT ledger.append_next($1, $2, $3, $4, $5, $6, $7, $8)',
};
const READ = {
  name: 'read',
  text: `SELECT position::int, body, encode(hash, 'hex') AS hash FROM ledger.entry
    WHERE chain = $1 AND position > $2 ORDER BY position LIMIT $3`,
};

interface Append {
  readonly entries: readonly LedgerEntry[];
  readonly projected: Projected | null;
}

/**
 * The ledger in PostgreSQL: chained and projected in the transaction of the append, one round trip each, and one for
 * all of those that arrive while another is under way.
 */
export function createPostgresLedger(
  pool: Pick<pg.Pool, 'query'>,
  project: Project = async () => null,
): Ledger {
  const queue = createAppendQueue<Append>(
    (appends) => commit(pool, appends),
    (error) => error instanceof pg.DatabaseError,
    (append) => (isOneEvent(append) ? 'next' : 'any'),
  );
  const appendTo = async (chain: string, entries: readonly LedgerEntry[]): Promise<void> => {
    const projected = chain.startsWith('lifecycle/') ? await project(entries) : null;
    try {
      await queue.add({ chain, append: { entries, projected } });
      projected?.kept();
    } catch (error) {
      throw appendFailure(error, entries);
    }
  };

  return {
    async append(entries) {
      const chains = new Map<string, LedgerEntry[]>();
      for (const entry of entries) {
        const chain = chainOf(entry);
        const others = chains.get(chain);
        if (others === undefined) chains.set(chain, [entry]);
        else others.push(entry);
      }
      if (chains.size === 0) await ready(pool);
      // One after the other: what a caller appends together is of one chain, but for a few spooled refusals.
      for (const [chain, own] of chains) await appendTo(chain, own);
    },

    async read(lifecycle, after, limit) {
      const from = after === null ? 0 : positionIn(after);
      const values = [chainOf({ lifecycle }), from, limit + 1];
      const { rows } = await pool.query<StoredEntry>({ ...READ, values }).catch((error: unknown) => {
        throw unavailable(error);
      });
      const entries = rows.slice(0, limit).map(placed);
      const last = entries.at(-1);
      return { entries, next: rows.length > limit && last ? String(last.position) : null };
    },
  };
}

async function commit(pool: Pick<pg.Pool, 'query'>, appends: readonly Queued<Append>[]): Promise<void> {
  if (appends.every(({ append }) => isOneEvent(append))) {
    try {
      await commitNext(pool, appends);
      return;
    } catch (error) {
      // Repeated, too early, or of a chain that is new: the other one tells these apart.
      if (!(error instanceof pg.DatabaseError && error.code === NOT_NEXT)) throw error;
    }
  }
  const entries = appends.flatMap(({ append }) => append.entries);
  await pool.query({
    ...APPEND,
    values: [
      appends.map(({ chain }) => chain),
      appends.map(({ append }) => append.entries.length),
      entries.map(({ id }) => id),
      entries.map(({ type }) => type),
      entries.map(({ seq }) => seq),
      entries.map((entry) => canonicalForm(entry)),
      appends.map(({ append }) => append.projected?.seq ?? null),
      appends.map(({ append: { projected } }) => projected?.row ?? null),
      appends.map(({ append: { projected } }) => projected?.view ?? null),
    ],
  });
}

function isOneEvent({ entries }: Append): boolean {
  return entries.length === 1 && entries[0]?.kind === 'event';
}

async function commitNext(pool: Pick<pg.Pool, 'query'>, appends: readonly Queued<Append>[]): Promise<void> {
  const entries = appends.flatMap(({ append }) => append.entries);
  await pool.query({
    ...APPEND_NEXT,
    values: [
      appends.map(({ chain }) => chain),
      entries.map(({ seq }) => seq),
      entries.map(({ id }) => id),
      entries.map(({ type }) => type),
      entries.map((entry) => canonicalForm(entry)),
      appends.map(({ append }) => append.projected !== null),
      appends.map(({ append: { projected } }) => projected?.row ?? null),
      appends.flatMap(({ append: { projected } }) => projected?.view ?? []),
    ],
  });
}

async function ready(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    throw unavailable(error);
  }
}

function positionIn(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw new CursorInvalid(cursor);
}

function appendFailure(error: unknown, entries: readonly LedgerEntry[]): Error {
  const { code, detail = '' } = error instanceof pg.DatabaseError ? error : {};
  if (code === CONFLICT) return new LedgerConflict(detail);
  // An id of another chain, appended at this moment: the next try finds it there and says which.
  if (code === UNIQUE) return new LedgerConflict(entries[0]?.id ?? '');
  if (code !== GAP) return unavailable(error);
  const [expected = '', id = ''] = detail.split(' ', 2);
  return new LedgerGap(id, Number(expected));
}

function unavailable(cause: unknown): LedgerUnavailable {
  return new LedgerUnavailable(`the database cannot be used: ${reason(cause)}`, { cause });
}
