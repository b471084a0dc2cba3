import type pg from 'pg';
import type { Digest } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { Event } from '../../domain/lifecycle/events.js';
import { evolve } from '../../domain/lifecycle/evolve.js';
import { fold } from '../../domain/lifecycle/fold.js';
import { modelOfStart, readStart } from '../../domain/lifecycle/start-input.js';
import type { State } from '../../domain/lifecycle/state.js';
import type { Instant } from '../../domain/vocabulary.js';
import type { Documents } from '../../ports/documents.js';
import type { LedgerEntry } from '../../ports/ledger.js';
import { chainOf } from '../chain.js';
import { Recent } from './recent.js';

/** A lifecycle after some of its events, with the number and the time of the last one that changed anything in it. */
export interface Folded {
  readonly state: State;
  readonly changed: { readonly seq: number; readonly at: Instant };
}

/** A few models are in use at a time; every state of one shares the one object. */
const MODELS = 32;
const PAGE = 500;
const EVENTS = {
  name: 'events',
  text: 'SELECT body FROM ledger.entry WHERE chain = $1 AND seq > $2 AND seq < $3 ORDER BY seq LIMIT $4',
};

/** Makes states of what the ledger and the document store hold. */
export interface Folder {
  /**
   * Folds events onto a state (null: from the start) that they follow without a gap. Throws where the start
   * document cannot be had.
   */
  onto(base: Folded | null, events: readonly LedgerEntry[]): Promise<Folded | null>;
  /** Folds what the ledger holds behind a state, up to and without the number `end`; null: it holds nothing. */
  recorded(key: string, base: Folded | null, end?: number): Promise<Folded | null>;
}

export function createFolder(pool: pg.Pool, documents: Pick<Documents, 'get'>): Folder {
  const models = new Recent<Json>(MODELS);

  const need = async (digest: Digest, what: string): Promise<Json> => {
    const document = await documents.get(digest);
    if (document === undefined) throw new Error(`${what} ${digest} is not in the document store`);
    return document;
  };
  const modelOf = async (digest: Digest): Promise<Json> => {
    const known = models.get(digest) ?? (await need(digest, 'the compiled model'));
    models.set(digest, known);
    return known;
  };
  const begin = async (first: LedgerEntry): Promise<Folded> => {
    const event = eventOf(first);
    if (event.type !== 'LifecycleStarted') throw new Error(`${first.id} is no start`);
    const document = await need(event.start, 'the start document');
    const start = readStart(document, await modelOf(modelOfStart(document)));
    const state = fold(start, [{ at: first.at, event }]);
    return { state, changed: { seq: state.seq, at: first.at } };
  };

  const folder: Folder = {
    async onto(base, events) {
      let folded = base;
      for (const entry of events) {
        folded = folded ? after(folded, entry) : await begin(entry);
      }
      return folded;
    },

    async recorded(key, base, end = Number.MAX_SAFE_INTEGER) {
      let folded = base;
      for (;;) {
        const values = [chainOf({ lifecycle: key }), folded?.state.seq ?? 0, end, PAGE];
        const { rows } = await pool.query<{ body: string }>({ ...EVENTS, values });
        folded = await folder.onto(
          folded,
          rows.map(({ body }) => JSON.parse(body) as LedgerEntry),
        );
        if (rows.length < PAGE) return folded;
      }
    },
  };
  return folder;
}

function after({ state, changed }: Folded, entry: LedgerEntry): Folded {
  const next = evolve(state, eventOf(entry), entry.at);
  return { state: next, changed: isSame(state, next) ? changed : { seq: next.seq, at: entry.at } };
}

/** Whether two states differ in nothing but their number: what an event leaves as it is stays the same object. */
function isSame(one: State, other: State): boolean {
  const keys = Object.keys(one) as (keyof State)[];
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => key === 'seq' || Object.is(one[key], other[key]))
  );
}

function eventOf({ type, data }: LedgerEntry): Event {
  return { type, ...(data as object) } as Event;
}
