/** What the reconciler needs of the database: its own notes, and where the ledger stands. */
import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import type { Instant } from '../../domain/vocabulary.js';
import { LedgerUnavailable } from '../../ports/ledger.js';
import { chainOf } from '../chain.js';
import type { Awaited } from './compare.js';

/** What was noted of a run when it was last seen. */
export interface Note {
  /** null for a workflow under an id that no lifecycle has. */
  readonly lifecycle: string | null;
  readonly runId: string;
  /** The last event that was read. */
  readonly eventId: number;
  /** The highest sequence number it has answered somebody with. */
  readonly acknowledged: number;
  /** What the ledger is waited for to have. */
  readonly awaited: Awaited | null;
  /** Whether it was asked what it waits for since it last changed. */
  readonly asked: boolean;
}

/** What is noted of one run. */
export type Noted = Omit<Note, 'lifecycle' | 'runId'>;

interface NotedRow {
  readonly run_id: string;
  readonly event_id: number;
  readonly acknowledged: number;
  readonly asked: boolean;
  readonly awaited: number | null;
  readonly since: number | null;
}

/** A lifecycle in the ledger. */
export interface Standing {
  /** Sequence number of its last event. */
  readonly seq: number;
  /** Document that it says it started from; null where its first event does not say. */
  readonly start: string | null;
  /** When its first event came into the ledger. */
  readonly since: Instant;
}

const NOTED = `SELECT run_id, event_id::int, acknowledged::int, asked, awaited::int,
    (extract(epoch FROM awaited_since) * 1000)::float8 AS since
  FROM ledger.reconciled WHERE chain = ANY($1) AND run_id = ANY($2)`;
const NOTE = `INSERT INTO ledger.reconciled (chain, run_id, event_id, acknowledged, awaited, awaited_since, asked, at)
  SELECT *, to_timestamp($8::float8 / 1000) FROM unnest(
    $1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::boolean[])
  ON CONFLICT (chain, run_id) DO UPDATE SET (event_id, acknowledged, awaited, awaited_since, asked, at) =
    (excluded.event_id, excluded.acknowledged, excluded.awaited, excluded.awaited_since, excluded.asked, excluded.at)`;
const STANDING = `SELECT c.chain, c.seq::int, (extract(epoch FROM first.recorded_at) * 1000)::float8 AS since,
    first.body::json -> 'data' ->> 'start' AS start
  FROM ledger.chain c JOIN ledger.entry first ON first.chain = c.chain AND first.seq = 1 WHERE c.chain = ANY($1)`;
const RETIRED = `SELECT EXISTS (
  SELECT FROM ledger.entry WHERE chain = $1 AND seq IS NOT NULL AND type = 'Retired') AS retired`;
// The projection spares looking through every lifecycle that ever was; what it has as retired is not lost.
const UNSEEN = `SELECT substr(c.chain, 11) AS key, c.seq::int FROM ledger.chain c
  WHERE c.chain > $1 AND c.chain LIKE 'lifecycle/%' AND c.seq > 0
    AND NOT EXISTS (SELECT FROM ledger.reconciled r WHERE r.chain = c.chain AND r.at >= to_timestamp($2::float8 / 1000))
    AND NOT EXISTS (SELECT FROM projection.lifecycle p WHERE p.key = substr(c.chain, 11) AND p.retired)
    AND NOT EXISTS (SELECT FROM ledger.entry e WHERE e.seq IS NULL AND e.type IN ('terminate', 'missing-in-temporal')
      AND e.id > 'finding/' || substr(c.chain, 11) || '/' AND e.id < 'finding/' || substr(c.chain, 11) || '0')
  ORDER BY c.chain LIMIT $3`;

/** The reconciler's queries over one pool. Every method throws `LedgerUnavailable`. */
export function createReconcileRecords(pool: pg.Pool) {
  const query = async <R extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[],
  ): Promise<R[]> => {
    try {
      return (await pool.query<R>(text, [...values])).rows;
    } catch (cause) {
      throw new LedgerUnavailable(`the database cannot be used: ${reason(cause)}`, { cause });
    }
  };

  return {
    /** What was noted of these runs, by run id. */
    async noted(runs: readonly Pick<Note, 'lifecycle' | 'runId'>[]): Promise<ReadonlyMap<string, Noted>> {
      const rows = await query<NotedRow>(NOTED, [runs.map(chainOf), runs.map(({ runId }) => runId)]);
      return new Map(rows.map((row) => [row.run_id, notedOf(row)]));
    },

    /** Notes that the pass which began at `pass` has seen these runs. */
    async note(notes: readonly Note[], pass: Instant): Promise<void> {
      const since = ({ awaited }: Note) => (awaited === null ? null : new Date(awaited.since));
      await query(NOTE, [
        notes.map(chainOf),
        notes.map(({ runId }) => runId),
        notes.map(({ eventId }) => eventId),
        notes.map(({ acknowledged }) => acknowledged),
        notes.map(({ awaited }) => awaited?.seq ?? null),
        notes.map(since),
        notes.map(({ asked }) => asked),
        pass,
      ]);
    },

    /** Where the ledger has these lifecycles, by key; those it does not have are missing. */
    async standing(keys: readonly string[]): Promise<ReadonlyMap<string, Standing>> {
      type Row = { chain: string; seq: number; since: number; start: string | null };
      const rows = await query<Row>(STANDING, [keys.map((lifecycle) => chainOf({ lifecycle }))]);
      return new Map(rows.map(({ chain, ...standing }) => [chain.slice('lifecycle/'.length), standing]));
    },

    /** Whether the ledger has this lifecycle retired. */
    async retired(lifecycle: string): Promise<boolean> {
      const rows = await query<{ retired: boolean }>(RETIRED, [chainOf({ lifecycle })]);
      return rows[0]?.retired ?? false;
    },

    /** Which of these entries the ledger has. */
    async recorded(ids: readonly string[]): Promise<ReadonlySet<string>> {
      const rows = await query<{ id: string }>(
        'SELECT id FROM ledger.entry WHERE id = ANY($1) AND seq IS NULL',
        [ids],
      );
      return new Set(rows.map(({ id }) => id));
    },

    /** Lifecycles open in the ledger that this pass has not seen in Temporal, by key, behind the key `after`. */
    async unseen(
      pass: Instant,
      after: string,
      limit: number,
    ): Promise<readonly { key: string; seq: number }[]> {
      return query(UNSEEN, [`lifecycle/${after}`, pass, limit]);
    },

    /** When the last pass began that came to its end; null before the first. */
    async lastPass(): Promise<Instant | null> {
      const rows = await query<{ at: number }>(
        'SELECT (extract(epoch FROM at) * 1000)::float8 AS at FROM ledger.reconciled_until',
        [],
      );
      return rows[0]?.at ?? null;
    },

    /** Notes that a pass has come to its end, and forgets runs that nobody has seen for `keepMs`. */
    async passed(pass: Instant, keepMs: number): Promise<void> {
      await query(
        `INSERT INTO ledger.reconciled_until (at) VALUES (to_timestamp($1::float8 / 1000))
          ON CONFLICT (only_one) DO UPDATE SET at = excluded.at`,
        [pass],
      );
      await query('DELETE FROM ledger.reconciled WHERE at < to_timestamp($1::float8 / 1000)', [
        pass - keepMs,
      ]);
    },
  };
}

function notedOf({ event_id: eventId, acknowledged, asked, awaited: seq, since }: NotedRow): Noted {
  return { eventId, acknowledged, asked, awaited: seq === null || since === null ? null : { seq, since } };
}

export type ReconcileRecords = ReturnType<typeof createReconcileRecords>;
