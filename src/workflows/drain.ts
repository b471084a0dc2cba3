import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import type { Outbox } from './outbox.js';
import { QUICK } from './work/options.js';

/** Carries the outbox to the ledger: one append at a time, in order, through every outage. */
export class Drain {
  readonly #outbox: Outbox;
  readonly #conflict: (detail: string) => void;
  #scope: CancellationScope | null = null;
  /** After a conflict nothing is appended until somebody has looked at it. */
  #blocked = false;

  constructor(outbox: Outbox, conflict: (detail: string) => void) {
    this.#outbox = outbox;
    this.#conflict = conflict;
  }

  get idle(): boolean {
    return this.#scope === null;
  }

  /** Whether a timer is needed to start it later. */
  get waitsUntil(): number | null {
    return this.idle && !this.#blocked ? this.#outbox.drainAt : null;
  }

  /** Starts an append if one is due and none is running. */
  start(now: number, changed: () => void): void {
    if (!this.idle || this.#blocked || !this.#outbox.due(now)) return;
    const scope = new CancellationScope();
    this.#scope = scope;
    void scope
      .run(() => this.#run())
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

  async #run(): Promise<void> {
    while (!this.#outbox.empty) {
      const entries = this.#outbox.batch();
      const last = entries.at(-1)?.seq ?? 0;
      const summary = `record events up to ${last} in the ledger`;
      await proxyActivities<Activities>({ ...QUICK, summary }).appendEntries(entries);
      this.#outbox.acknowledge(last, Date.now());
    }
  }

  #failed(error: unknown): void {
    if (isCancellation(error)) return;
    this.#blocked = true;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    this.#conflict(cause instanceof ApplicationFailure ? cause.message : String(cause));
  }
}
