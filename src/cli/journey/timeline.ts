import { setTimeout as sleep } from 'node:timers/promises';
import { type Entry, readTimeline } from '../client/lifecycles.js';
import type { Sessions } from './sessions.js';

const LOOK_EVERY_MS = 400;

/** The ledger of one lifecycle, read as it grows. */
export class Timeline {
  readonly #sessions: Sessions;
  readonly #reader: string;
  readonly #key: string;
  readonly #seen = new Map<string, Entry>();
  /** Where the last page begins: the page behind it does not exist yet, so it is read again. */
  #cursor: string | undefined;

  constructor(sessions: Sessions, reader: string, key: string) {
    this.#sessions = sessions;
    this.#reader = reader;
    this.#key = key;
  }

  /** All that was read so far, in the ledger's order. */
  get entries(): readonly Entry[] {
    return [...this.#seen.values()];
  }

  /** Number of the last event that was read. */
  get last(): number {
    return Math.max(0, ...this.entries.map(({ seq }) => seq ?? 0));
  }

  /** Reads on, and gives what is new. */
  async refresh(): Promise<Entry[]> {
    const fresh: Entry[] = [];
    for (;;) {
      const { items, next } = await this.#sessions.as(this.#reader, (api) =>
        readTimeline(api, this.#key, this.#cursor),
      );
      for (const entry of items) {
        if (this.#seen.has(entry.id)) continue;
        this.#seen.set(entry.id, entry);
        fresh.push(entry);
      }
      if (next === undefined) return fresh;
      this.#cursor = next;
    }
  }

  /** Reads on until the signal, and gives every new entry to `show`. */
  async follow(show: (entry: Entry) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const entry of await this.refresh()) show(entry);
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
