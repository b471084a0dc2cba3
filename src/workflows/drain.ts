import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import type { Instant } from '../domain/vocabulary.js';
import type { LedgerEntry } from '../ports/ledger.js';
import type { Outbox } from './outbox.js';
import { AT_ONCE, QUICK } from './work/options.js';

/** Carries the outbox to the ledger: one append at a time, in order, through every outage. */
export class Drain {
  readonly #outbox: Outbox;
  readonly #conflict: (detail: string) => void;
  #scope: CancellationScope | null = null;
  /** After a conflict nothing is appended until somebody has looked at it. */
  #blocked = false;

  readonly #againWithin: boolean;

  /** `againWithin`: whether what arrived during an append is appended within the task that recorded it, as engines below 3 do. */
  constructor(outbox: Outbox, againWithin: boolean, conflict: (detail: string) => void) {
    this.#outbox = outbox;
    this.#againWithin = againWithin;
    this.#conflict = conflict;
  }

  get idle(): boolean {
    return this.#scope === null;
  }

  /** Whether a timer is needed to start it later. */
  get waitsUntil(): number | null {
    return this.idle && !this.#blocked ? this.#outbox.drainAt : null;
  }

  /**
   * Whether it is time to append, and nothing stands in the way. While somebody waits for an answer that leaves
   * with this workflow task, the append waits for the next one, or until it is overdue.
   */
  due(now: Instant, answering: boolean): boolean {
    const due = answering ? this.#outbox.overdue(now) : this.#outbox.due(now);
    return due && this.idle && !this.#blocked;
  }

  /**
   * Starts an append: within this workflow task (`within`), which spares one, or outside of it. What a task has recorded
   * itself is appended outside, once the task is over: another worker that does it again records it at another time.
   */
  start(within: boolean, changed: () => void): void {
    const scope = new CancellationScope();
    this.#scope = scope;
    void scope
      .run(() => this.#run(within))
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#scope = null;
        changed();
      });
  }

  /** The next run appends again what this one did not finish: an entry has one id, however often it is sent. */
  stop(): void {
    this.#scope?.cancel();
  }

  unblock(): void {
    this.#blocked = false;
  }

  async #run(first: boolean): Promise<void> {
    let within = first;
    // A local activity moves the clock on within the task.
    let task = Date.now();
    while (!this.#outbox.empty) {
      const entries = this.#outbox.batch();
      const last = entries.at(-1)?.seq ?? 0;
      if (!(within && (await this.#appendWithin(entries)))) {
        const summary = `record events up to ${last} in the ledger`;
        await proxyActivities<Activities>({ ...QUICK, summary }).appendEntries(entries);
        task = Date.now();
      }
      this.#outbox.acknowledge(last, Date.now());
      within = this.#againWithin ? within : !this.#outbox.holdsNew(task);
    }
  }

  /** One try, as a local activity. A ledger that is down or slow gets the patient kind, which history does not pay for. */
  async #appendWithin(entries: readonly LedgerEntry[]): Promise<boolean> {
    try {
      await proxyLocalActivities<Activities>(AT_ONCE).appendEntries(entries);
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      return false;
    }
  }

  #failed(error: unknown): void {
    if (isCancellation(error)) return;
    this.#blocked = true;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    this.#conflict(cause instanceof ApplicationFailure ? cause.message : String(cause));
  }
}
