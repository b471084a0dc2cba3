import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readLines } from '../adapters/line-file.js';
import { systemCode } from '../adapters/system-error.js';
import type { LedgerEntry } from '../ports/ledger.js';
import { parseEntry } from './entry.js';

/** Where an entry lies in its file, and when it happened. */
export interface Place {
  readonly at: number;
  readonly position: number;
  readonly bytes: number;
}

/**
 * Follows a journal that another process writes: remembers where each lifecycle's entries lie, and reads
 * on from there at every `refresh`. A line without its end is not read until it has one.
 */
export class JournalTail {
  readonly #path: string;
  readonly #places = new Map<string, Place[]>();
  #handle: FileHandle | undefined;
  /** Before its first entry a journal has no file. One that had a file and lost it is another matter. */
  #seen = false;
  #read = 0;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Afterwards everything is known that was in the file when this was called. Throws what node:fs throws. */
  refresh(): Promise<void> {
    const next = this.#refreshing.then(() => this.#refresh());
    this.#refreshing = next.catch(() => undefined);
    return next;
  }

  /** In the order of the file. */
  places(lifecycle: string): readonly Place[] {
    return this.#places.get(lifecycle) ?? [];
  }

  async entry(place: Place): Promise<LedgerEntry> {
    const line = Buffer.alloc(place.bytes);
    await this.#handle?.read(line, 0, place.bytes, place.position);
    return parseEntry(line.toString('utf8'));
  }

  /** Forgets what was read, so that the next refresh begins at the start. */
  close(): Promise<void> {
    const next = this.#refreshing.then(() => this.#forget());
    this.#refreshing = next.catch(() => undefined);
    return next;
  }

  async #refresh(): Promise<void> {
    const there = await this.#stat();
    if (there === undefined) return;
    this.#seen = true;
    const ours = await this.#handle?.stat();
    if (ours !== undefined && (ours.ino !== there.ino || ours.dev !== there.dev || there.size < this.#read)) {
      await this.#forget();
    }
    this.#handle ??= await open(this.#path, 'r');
    if (there.size === this.#read) return;
    this.#read = await readLines(this.#handle, this.#read, (line, position, bytes) => {
      const { lifecycle, at } = parseEntry(line);
      const places = this.#places.get(lifecycle);
      if (places === undefined) this.#places.set(lifecycle, [{ at, position, bytes }]);
      else places.push({ at, position, bytes });
    });
  }

  async #stat(): Promise<Stats | undefined> {
    try {
      return await stat(this.#path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || this.#seen) throw error;
      await stat(dirname(this.#path));
      return undefined;
    }
  }

  async #forget(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    this.#read = 0;
    this.#places.clear();
  }
}
