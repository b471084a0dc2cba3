import type { Json } from '../domain/json.js';
import type { Recorded } from '../domain/lifecycle/events.js';
import type { Instant } from '../domain/vocabulary.js';
import type { LedgerEntry } from '../ports/ledger.js';

/** From this size on only commands that make things stricter are accepted. */
const FULL_BYTES = 64 * 1024;
/** What one append carries at most: a payload stays below 64 KiB. */
const BATCH_BYTES = 48 * 1024;
const BATCH_ENTRIES = 100;
/** From this age on events are drained with any workflow task that is there anyway. */
const RIPE_MS = 1_500;
/** At this age a timer wakes the lifecycle to drain them: one append for a burst. */
const LINGER_MS = 2_000;
/** From this many on nothing is gained by waiting. */
const BURST = 64;

/** Events on their way to the ledger: in order, each exactly once by its id, however often it is sent. */
export class Outbox {
  readonly #key: string;
  /** What an entry has around its event: its id and kind, and the lifecycle's key twice. */
  readonly #frame: number;
  #waiting: { readonly recorded: Recorded; readonly bytes: number }[] = [];
  #bytes = 0;
  /** When the oldest waiting event is to be drained at the latest; null when nothing waits. */
  drainAt: Instant | null = null;

  constructor(key: string, entries: readonly Recorded[]) {
    this.#key = key;
    this.#frame = 64 + 2 * key.length;
    const first = entries[0];
    if (first) this.add(entries, first.at);
  }

  get entries(): readonly Recorded[] {
    return this.#waiting.map(({ recorded }) => recorded);
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  get full(): boolean {
    return this.#bytes >= FULL_BYTES;
  }

  /**
   * Whether something in it is of this workflow task, so that Temporal does not have it yet: should the task be lost,
   * the same events are recorded again at another time.
   */
  holdsNew(now: Instant): boolean {
    return (this.#waiting.at(-1)?.recorded.at ?? 0) >= now;
  }

  /** Whether it should be drained now, the task being there. */
  due(now: Instant): boolean {
    return this.#older(RIPE_MS, now) || this.#waiting.length >= BURST;
  }

  /** Whether that was put off for long enough. */
  overdue(now: Instant): boolean {
    return this.#older(2 * LINGER_MS, now) || this.#waiting.length >= BURST;
  }

  /** Asks for a drain without lingering. */
  hurry(now: Instant): void {
    if (this.drainAt !== null) this.drainAt = Math.min(this.drainAt, now);
  }

  /** Asks for a drain with this very task, also where it carries an answer: no timer is set that the next task would cancel. */
  hurryAtOnce(now: Instant): void {
    this.hurry(now - LINGER_MS);
  }

  add(recorded: readonly Recorded[], now: Instant): void {
    for (const each of recorded) {
      const bytes = JSON.stringify(each).length + this.#frame;
      this.#waiting.push({ recorded: each, bytes });
      this.#bytes += bytes;
    }
    this.drainAt ??= now + LINGER_MS;
  }

  /** The next entries to append, oldest first. */
  batch(): LedgerEntry[] {
    let bytes = 0;
    const entries: LedgerEntry[] = [];
    for (const { recorded, bytes: size } of this.#waiting.slice(0, BATCH_ENTRIES)) {
      if (entries.length > 0 && bytes + size > BATCH_BYTES) break;
      bytes += size;
      entries.push(this.#entry(recorded));
    }
    return entries;
  }

  /** Forgets what the ledger has acknowledged. */
  acknowledge(seq: number, now: Instant): void {
    this.#waiting = this.#waiting.filter(({ recorded }) => recorded.seq > seq);
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    this.drainAt = this.empty ? null : now;
  }

  #older(age: number, now: Instant): boolean {
    return this.drainAt !== null && this.drainAt - LINGER_MS + age <= now;
  }

  #entry({ seq, at, by, command, event, proof }: Recorded): LedgerEntry {
    const { type, ...data } = event;
    const lifecycle = this.#key;
    return {
      id: `lifecycle/${lifecycle}/${seq}`,
      lifecycle,
      kind: 'event',
      seq,
      at,
      type,
      by,
      command,
      data: { ...(data as { readonly [name: string]: Json }), ...(proof !== undefined && { proof }) },
    };
  }
}
