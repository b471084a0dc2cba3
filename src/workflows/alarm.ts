import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Instant } from '../domain/vocabulary.js';

export interface Wake {
  readonly at: Instant;
  /** What fires then, shown on the timer. */
  readonly what: string;
}

/** Timers below this are left to run although something later is now next: they cost less than a new one. */
const SOON_MS = 2_000;

/** One timer for whatever is next. It only wakes the loop; what is due is decided by the state. */
export class Alarm {
  #set: (Wake & { readonly scope: CancellationScope }) | null = null;

  /** Sets the timer to the next instant, unless one that serves is already running. */
  arm(next: Wake | null, now: Instant, ring: () => void): void {
    if (next === null) return this.clear();
    const set = this.#set;
    if (set && set.at <= next.at && (set.what === next.what || set.at - now <= SOON_MS)) return;
    this.clear();
    const scope = new CancellationScope();
    const armed = { ...next, scope };
    this.#set = armed;
    void scope
      .run(() => sleep(Math.max(1, next.at - now), { summary: next.what }))
      .then(() => {
        if (this.#set === armed) this.#set = null;
        ring();
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  clear(): void {
    this.#set?.scope.cancel();
    this.#set = null;
  }
}
