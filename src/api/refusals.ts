import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { digestOf } from '../domain/digest.js';
import { type Ledger, LedgerConflict, type LedgerEntry } from '../ports/ledger.js';
import type { OpenSpool } from '../ports/spool.js';

/** A refusal takes some hundred bytes; more than this many wait only in a long outage under attack. */
const MOST = 10_000;

/** The record of what was refused, kept on disk through an outage of the ledger. */
export interface Refusals {
  /** Resolves with whether the ledger has it; false: it waits here for the ledger to come back. */
  record(entry: LedgerEntry): Promise<boolean>;
  /** What waits is recorded after the next start. */
  close(): Promise<void>;
}

export function createRefusals(
  ledger: Pick<Ledger, 'append'>,
  open: OpenSpool,
  log: Pick<Logger, 'error'>,
): Refusals {
  const append = async (entry: LedgerEntry): Promise<void> => {
    try {
      await ledger.append([entry]);
    } catch (error) {
      if (!(error instanceof LedgerConflict)) throw error;
      // The request id came from a client, who had used it before. By content, so that a repetition stays one.
      const suffix = digestOf(entry).slice('sha256:'.length, 'sha256:'.length + 16);
      await ledger.append([{ ...entry, id: `${entry.id}.${suffix}` }]);
    }
  };

  const spool = open({
    what: 'refusals',
    carry: (item) => append(item as unknown as LedgerEntry),
    // A conflict is an alarm of its own, and waiting does not end it.
    passes: (error) => !(error instanceof LedgerConflict),
    most: MOST,
  });

  return {
    async record(entry) {
      try {
        return await spool.send(nameOf(entry), entry);
      } catch (error) {
        log.error({ err: error, refusal: entry }, 'a refusal is recorded nowhere but in this line');
        return false;
      }
    },
    close: () => spool.close(),
  };
}

/** Sorted by when it happened. */
function nameOf({ at, id }: LedgerEntry): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return `${String(at).padStart(15, '0')}-${hash}`;
}
