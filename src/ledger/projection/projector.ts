import type pg from 'pg';
import type { Logger } from 'pino';
import { reason } from '../../adapters/system-error.js';
import type { Documents } from '../../ports/documents.js';
import type { LedgerEntry } from '../../ports/ledger.js';
import { createFolder, type Folded } from './folder.js';
import { Recent } from './recent.js';
import { keysBehind, refresh } from './refresh.js';
import { projectionOf } from './row.js';

/** States kept, about 20 KB each: the lifecycles that something happens in these days. */
const STATES = 2_000;
/** How long a row may stay behind before it is made from the ledger itself. */
const CATCH_UP_MS = 2_000;
/** U+0000 as JSON.stringify writes it; an even number of backslashes before it are backslashes themselves. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u0000/;

/** What is to be shown of a lifecycle as of the event `seq`. */
interface Projection {
  readonly seq: number;
  /** As JSON; null: what was shown before is still right. */
  readonly row: string | null;
  readonly view: string | null;
  /** To be called once the entries are durable: only then the next ones build on them. */
  readonly kept: () => void;
}

/** Folds events as they are appended, and catches up with what it could not fold then. */
export interface Projector {
  /**
   * What to show of a lifecycle once these entries of it are appended; null: nothing new, or it cannot be made
   * now. Never throws, so that nothing keeps entries from being appended.
   */
  project(entries: readonly LedgerEntry[]): Promise<Projection | null>;
  /** How many lifecycles are known to be shown older than they are. */
  readonly behind: number;
  /** Stops catching up; projecting goes on. */
  close(): Promise<void>;
}

/** The pool may be the application's. Rows that an earlier process left behind are caught up with at once. */
export function createProjector(
  pool: pg.Pool,
  documents: Pick<Documents, 'get'>,
  log: Pick<Logger, 'warn'>,
): Projector {
  const folder = createFolder(pool, documents);
  const states = new Recent<Folded>(STATES);
  const behind = new Set<string>();
  const told = new Set<string>();

  const failed = (key: string, error: unknown): void => {
    behind.add(key);
    if (told.has(key)) return;
    told.add(key);
    log.warn({ lifecycle: key, reason: reason(error) }, 'a lifecycle is shown older than it is');
  };

  /** What the events lead to, and whether they change it. */
  const fold = async (
    key: string,
    events: readonly LedgerEntry[],
  ): Promise<{ folded: Folded; changes: boolean } | null> => {
    const first = events[0]?.seq ?? 0;
    const known = states.get(key) ?? null;
    const base = (known?.state.seq ?? 0) < first - 1 ? await folder.recorded(key, known, first) : known;
    const at = base?.state.seq ?? 0;
    if (at < first - 1) return null;
    const folded = await folder.onto(
      base,
      events.filter(({ seq }) => seq !== null && seq > at),
    );
    return folded && { folded, changes: folded.changed.seq > at || at >= first };
  };

  const catchUp = async (): Promise<void> => {
    for (const key of behind) {
      try {
        await refresh(pool, folder, key);
        behind.delete(key);
        told.delete(key);
      } catch (error) {
        failed(key, error);
      }
    }
  };
  let found = false;
  const find = async (): Promise<void> => {
    if (found) return;
    for (const key of await keysBehind(pool)) behind.add(key);
    found = true;
  };

  let closed = false;
  let timer: NodeJS.Timeout;
  let running: Promise<void> = Promise.resolve();
  const later = (): void => {
    if (closed) return;
    timer = setTimeout(() => {
      // What cannot be read now is tried again: the database being down is told by whoever appends.
      running = find()
        .then(catchUp, () => undefined)
        .finally(later);
    }, CATCH_UP_MS);
    timer.unref();
  };
  later();

  return {
    async project(entries) {
      const events = entries.filter(({ kind }) => kind === 'event');
      const last = events.at(-1);
      if (last?.lifecycle === undefined || last.lifecycle === null) return null;
      const key = last.lifecycle;
      try {
        const { folded, changes } = (await fold(key, events)) ?? {};
        // Others of this lifecycle are under way before or behind these: what they lead to is made afterwards.
        if (folded?.state.seq !== last.seq) {
          behind.add(key);
          return null;
        }
        const kept = (): void => states.set(key, folded);
        if (!changes) return { seq: last.seq, row: null, view: null, kept };
        const projection = projectionOf(folded);
        const [row, view] = [JSON.stringify(projection.row), JSON.stringify(projection.view)];
        // PostgreSQL would refuse the row, and with it the entries.
        if (UNSTORABLE.test(row) || UNSTORABLE.test(view))
          throw new Error('it has U+0000, which jsonb cannot hold');
        return { seq: last.seq, row, view, kept };
      } catch (error) {
        failed(key, error);
        return null;
      }
    },
    get behind() {
      return behind.size;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
