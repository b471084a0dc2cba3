import type { PersonId } from '../domain/vocabulary.js';

/** Who holds rights of an open lifecycle, as the ledger has it. */
export interface Holding {
  readonly key: string;
  readonly team: string;
  readonly holders: readonly PersonId[];
}

export interface Holdings {
  /** Up to `limit` open lifecycles by key, those after one key (empty: from the first). Throws `LedgerUnavailable`. */
  page(after: string, limit: number): Promise<readonly Holding[]>;
}
