import type { Logger } from 'pino';
import type { Ledger, PlacedEntry } from '../../ports/ledger.js';

const LOOK_EVERY_MS = 500;
/** After a look that failed: the ledger is away, and so are all who wait for it. */
const REST_MS = 2_000;
const PAGE = 200;

/** Somebody who follows one lifecycle. */
interface Listener {
  /** Position of the last entry that it got; 0 before the first. The feed moves it on. */
  position: number;
  /** Whether it can take more now. One that cannot is passed over, and misses nothing: its position stays. */
  ready(): boolean;
  /** Takes entries, in order. */
  take(entries: readonly PlacedEntry[]): void;
}

/** The ledger's new entries, lifecycle by lifecycle, for everybody who follows them. */
interface EventFeeds {
  /** Follows from the listener's position on; gives the function that ends it. */
  follow(key: string, listener: Listener): () => void;
}

/**
 * One poller for each lifecycle that is followed, however many follow it. A look reads once for every position
 * that listeners stand at, so whoever has caught up shares one reading, and nobody can miss or double an entry.
 */
export function createEventFeeds(ledger: Pick<Ledger, 'read'>, log: Pick<Logger, 'warn'>): EventFeeds {
  const feeds = new Map<string, Feed>();
  return {
    follow(key, listener) {
      const feed = feeds.get(key) ?? new Feed(key, ledger, log);
      feeds.set(key, feed);
      feed.add(listener);
      return () => {
        if (feed.remove(listener) && feeds.get(key) === feed) feeds.delete(key);
      };
    },
  };
}

class Feed {
  readonly #key: string;
  readonly #ledger: Pick<Ledger, 'read'>;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  /** Somebody came while a look was under way. */
  #again = false;

  constructor(key: string, ledger: Pick<Ledger, 'read'>, log: Pick<Logger, 'warn'>) {
    this.#key = key;
    this.#ledger = ledger;
    this.#log = log;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    void this.#look();
  }

  /** Whether that was the last one. */
  remove(listener: Listener): boolean {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return false;
    clearTimeout(this.#timer);
    return true;
  }

  async #look(): Promise<void> {
    this.#again = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    clearTimeout(this.#timer);
    let rest = LOOK_EVERY_MS;
    try {
      while (await this.#readOn());
    } catch (error) {
      rest = REST_MS;
      this.#log.warn({ err: error, lifecycle: this.#key }, 'its followers wait for the ledger');
    }
    this.#looking = false;
    if (this.#listeners.size === 0) return;
    if (this.#again && rest === LOOK_EVERY_MS) return this.#look();
    this.#timer = setTimeout(() => void this.#look(), rest).unref();
  }

  /** Reads a page for each position; whether there is more for anybody who can take it. */
  async #readOn(): Promise<boolean> {
    let more = false;
    for (const [position, listeners] of this.#byPosition()) {
      const page = await this.#ledger.read(this.#key, position === 0 ? null : String(position), PAGE);
      const last = page.entries.at(-1);
      if (last === undefined) continue;
      for (const listener of listeners) {
        // It may have gone while this was read.
        if (!this.#listeners.has(listener)) continue;
        listener.position = last.position;
        listener.take(page.entries);
        more ||= page.next !== null && listener.ready();
      }
    }
    return more;
  }

  #byPosition(): Map<number, Listener[]> {
    const groups = new Map<number, Listener[]>();
    for (const listener of this.#listeners) {
      if (!listener.ready()) continue;
      const group = groups.get(listener.position);
      if (group === undefined) groups.set(listener.position, [listener]);
      else group.push(listener);
    }
    return groups;
  }
}
