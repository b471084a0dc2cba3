/** Group commit: appends that arrive while a transaction runs go together into the next one. */

/** Transactions at once: one is prepared and sent while the other waits for the disk. */
const LANES = 2;
const MOST_TOGETHER = 32;

/** Work on several chains that may share a transaction. */
export interface Queued<T> {
  readonly chain: string;
  readonly append: T;
}

interface Waiting<T> extends Queued<T> {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export interface AppendQueue<T> {
  /** Resolves once it is committed; rejects with its own failure, never with that of another. */
  add(queued: Queued<T>): Promise<void>;
}

/**
 * `commit` does all of it in one transaction, or nothing. Where several of them fail together for a reason that
 * `separable` recognises, each is tried alone, so that a refused append harms nobody who came at the same time.
 */
export function createAppendQueue<T>(
  commit: (appends: readonly Queued<T>[]) => Promise<void>,
  separable: (error: unknown) => boolean,
  kindOf: (append: T) => string,
): AppendQueue<T> {
  let waiting: Waiting<T>[] = [];
  const busy = new Set<string>();
  let running = 0;

  /** The next to go: of each chain the oldest only, and none of a chain that is being appended to. */
  const take = (): Waiting<T>[] => {
    const taken = new Map<string, Waiting<T>>();
    const left: Waiting<T>[] = [];
    let kind: string | undefined;
    for (const one of waiting) {
      const free = taken.size < MOST_TOGETHER && !busy.has(one.chain) && !taken.has(one.chain);
      kind ??= free ? kindOf(one.append) : undefined;
      if (free && kindOf(one.append) === kind) taken.set(one.chain, one);
      else left.push(one);
    }
    waiting = left;
    // In one order everywhere, so that two transactions never wait for each other in a circle.
    return [...taken.values()].sort((a, b) => (a.chain < b.chain ? -1 : 1));
  };

  const settle = async (batch: readonly Waiting<T>[]): Promise<void> => {
    try {
      await commit(batch);
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length > 1 && separable(error)) for (const one of batch) await settle([one]);
      else for (const { failed } of batch) failed(error);
    }
  };

  let scheduled = false;
  /** Not at once: whoever was answered by one transaction comes back together, and goes together into the next. */
  const pumpSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      pump();
    });
  };

  const pump = (): void => {
    while (running < LANES && waiting.length > 0) {
      const batch = take();
      if (batch.length === 0) return;
      running++;
      for (const { chain } of batch) busy.add(chain);
      void settle(batch).finally(() => {
        running--;
        for (const { chain } of batch) busy.delete(chain);
        pump();
      });
    }
  };

  return {
    add: (queued) =>
      new Promise((done, failed) => {
        waiting.push({ ...queued, done: () => done(), failed });
        pumpSoon();
      }),
  };
}
