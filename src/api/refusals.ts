import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Ledger, LedgerConflict, type LedgerEntry } from '../ports/ledger.js';

const RETRY_MS = 1_000;
/** A refusal takes some hundred bytes; more than this many wait only in a long outage under attack. */
const SPOOLED = 10_000;

/** The record of what was refused, kept through an outage of the ledger in this process's memory. */
export interface Refusals {
  /** Resolves with whether the record is durable; false: it waits here for the ledger to come back. */
  record(entry: LedgerEntry): Promise<boolean>;
  /** Tries once more to write what waits, then gives up on it. */
  close(): Promise<void>;
}

export function createRefusals(
  ledger: Pick<Ledger, 'append'>,
  log: Pick<Logger, 'error' | 'warn'>,
): Refusals {
  let spool: LedgerEntry[] = [];
  let timer: NodeJS.Timeout | undefined;

  const append = async (entry: LedgerEntry): Promise<void> => {
    try {
      await ledger.append([entry]);
    } catch (error) {
      if (!(error instanceof LedgerConflict)) throw error;
      // The request id came from a client, who had used it before.
      await ledger.append([{ ...entry, id: `${entry.id}.${randomUUID()}` }]);
    }
  };

  const flush = async (): Promise<void> => {
    timer = undefined;
    while (spool[0] !== undefined) {
      await append(spool[0]);
      spool.shift();
    }
  };

  const retryLater = (): void => {
    timer ??= setTimeout(() => {
      flush().catch((error: unknown) => {
        log.warn({ error, waiting: spool.length }, 'refusals are still waiting for the ledger');
        retryLater();
      });
    }, RETRY_MS).unref();
  };

  return {
    async record(entry) {
      try {
        await append(entry);
        return true;
      } catch (error) {
        log.error({ error, refusal: entry }, 'a refusal could not be recorded; it is kept for a retry');
        if (spool.length >= SPOOLED) spool = spool.slice(1);
        spool.push(entry);
        retryLater();
        return false;
      }
    },

    async close() {
      clearTimeout(timer);
      await flush().catch((error: unknown) =>
        log.error({ error, lost: spool }, 'refusals were not recorded'),
      );
    },
  };
}
