import type { State } from '../domain/lifecycle/state.js';

/** States of open lifecycles, folded from the ledger: for looking ahead, never for deciding. */
export interface OpenStates {
  /**
   * Up to `limit` lifecycles whose keys follow `after` (null: from the first), by key; `unseen`: those that cannot
   * be folded now; `next`: the last key of a full page. Throws `LedgerUnavailable`.
   */
  page(
    after: string | null,
    limit: number,
  ): Promise<{
    readonly states: readonly State[];
    readonly unseen: readonly string[];
    readonly next: string | null;
  }>;
}
