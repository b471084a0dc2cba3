import type { ReadModel } from '../ports/read-model.js';
import { within } from './within.js';

/** Nobody waits longer for it: it is told beside something else. */
const LOOK_UP_MS = 300;
/** As many as one question about them takes. */
const WATCHED = 1_000;

/** How far the ledger is behind the lifecycles that this process has shown lately. */
export interface LedgerLag {
  /** A version of a lifecycle was seen. */
  saw(key: string, version: number): void;
  /** Number of the last recorded event, 0 for none yet; null: not known in time. */
  recorded(key: string): Promise<number | null>;
  /** Events that were seen and are not recorded, of all lifecycles together; at least, while nobody answers. */
  total(): Promise<number>;
}

export function createLedgerLag(readModel: Pick<ReadModel, 'recorded'>): LedgerLag {
  /** Only those that were seen ahead of what is recorded. */
  const ahead = new Map<string, { seen: number; recorded: number }>();

  const lookUp = async (keys: readonly string[]): Promise<ReadonlyMap<string, number> | undefined> =>
    keys.length === 0 ? new Map() : within(LOOK_UP_MS, readModel.recorded(keys));

  return {
    saw(key, version) {
      const known = ahead.get(key);
      if (known !== undefined) known.seen = Math.max(known.seen, version);
      // Until the ledger says more, what was there at first sight counts as recorded.
      else if (ahead.size < WATCHED) ahead.set(key, { seen: version, recorded: version });
    },

    async recorded(key) {
      const found = await lookUp([key]);
      return found === undefined ? null : (found.get(key) ?? 0);
    },

    async total() {
      const found = await lookUp([...ahead.keys()]);
      let total = 0;
      for (const [key, each] of ahead) {
        if (found !== undefined) each.recorded = found.get(key) ?? 0;
        total += Math.max(0, each.seen - each.recorded);
        if (found !== undefined && each.recorded >= each.seen) ahead.delete(key);
      }
      return total;
    },
  };
}
