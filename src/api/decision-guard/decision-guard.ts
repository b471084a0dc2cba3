import type { Logger } from 'pino';
import type { Documents } from '../../ports/documents.js';
import type { GuardLeases } from '../../ports/guard-leases.js';
import type { GuardSource } from '../../ports/guard-source.js';
import type { Ledger } from '../../ports/ledger.js';
import type { OpenSpool } from '../../ports/spool.js';
import { type Blocks, createBlocks } from './blocks.js';
import { createGuardBook, type GuardBook } from './book.js';
import { type Caps, createCaps } from './caps.js';
import { Tally } from './tally.js';

/** What one instance of the API needs to judge in memory what systems are about to do. */
export interface DecisionGuard {
  readonly book: GuardBook;
  readonly caps: Caps;
  readonly blocks: Blocks;
  readonly tally: Tally;
  close(): Promise<void>;
}

/** What it is made from. */
interface Sources {
  readonly guardSource: GuardSource;
  readonly guardLeases: GuardLeases;
  readonly documents: Pick<Documents, 'get'>;
  readonly ledger: Pick<Ledger, 'append'>;
  readonly openSpool: OpenSpool;
  readonly logger: Logger;
}

export function createDecisionGuard(sources: Sources): DecisionGuard {
  const { guardSource, guardLeases, documents, ledger, openSpool, logger } = sources;
  const book = createGuardBook(guardSource, documents, logger);
  const caps = createCaps(guardLeases, () => book.capped(), logger);
  const blocks = createBlocks(ledger, openSpool, logger);
  return {
    book,
    caps,
    blocks,
    tally: new Tally(),
    async close() {
      book.close();
      await Promise.all([caps.close(), blocks.close()]);
    },
  };
}
