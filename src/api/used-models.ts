import type { Logger } from 'pino';
import type { Digest } from '../domain/digest.js';
import type { OperatingModel } from '../domain/policy.js';
import { type Ledger, LedgerConflict, type LedgerEntry } from '../ports/ledger.js';
import type { OpenSpool } from '../ports/spool.js';

/** Versions are published by people, one at a time: more than these wait in no outage. */
const MOST = 1_000;

/** The record of the operating models that lifecycles start under, kept on disk through an outage of the ledger. */
export interface UsedModels {
  /** Resolves once it is recorded or waits on disk. Never throws. */
  record(model: OperatingModel): Promise<void>;
  /** What waits is recorded after the next start. */
  close(): Promise<void>;
}

export function createUsedModels(
  ledger: Pick<Ledger, 'append'>,
  open: OpenSpool,
  log: Pick<Logger, 'error'>,
): UsedModels {
  /** Recorded, or waiting for it. */
  const known = new Set<Digest>();

  const spool = open({
    what: 'policies',
    async carry(item) {
      try {
        await ledger.append([item as unknown as LedgerEntry]);
      } catch (error) {
        // The digest covers all that it says but when: whoever recorded it before, at another time, said the same.
        if (!(error instanceof LedgerConflict)) throw error;
      }
    },
    passes: () => true,
    most: MOST,
  });

  return {
    async record(model) {
      const { digest } = model;
      if (known.has(digest)) return;
      try {
        await spool.send(digest.replace(':', '-'), entryOf(model));
        known.add(digest);
      } catch (error) {
        log.error({ err: error, model: digest }, 'that an operating model is used is recorded nowhere');
      }
    },
    close: () => spool.close(),
  };
}

function entryOf({ name, version, digest }: OperatingModel): LedgerEntry {
  return {
    id: `policy/${digest}`,
    lifecycle: null,
    kind: 'policy',
    seq: null,
    at: Date.now(),
    type: 'OperatingModelUsed',
    by: null,
    command: null,
    // The digest of a model is that of its written form, as it is stored.
    data: { name, version, digest, document: digest },
  };
}
