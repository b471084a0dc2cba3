import type { ItemStatus } from '../domain/operations/item.js';
import type { ItemView } from '../domain/operations/item-view.js';
import type { BusinessFunction, Instant, PersonId } from '../domain/vocabulary.js';
import type { InboxItem } from './read-model.js';

/** What the list of a lifecycle's items is narrowed to; everything given must hold. */
export interface ItemListQuery {
  readonly lifecycle: string;
  readonly status?: ItemStatus;
  /** Whether the SLA passed before `now` and nobody has decided. */
  readonly late?: boolean;
  readonly now: Instant;
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * Exception items in lists, folded from the ledger in the transaction of each append. Nothing is decided from them.
 * Every method throws `LedgerUnavailable`; `list` also `CursorInvalid`.
 */
export interface ItemModel {
  /** Last opened first. */
  list(query: ItemListQuery): Promise<{ items: readonly ItemView[]; nextCursor: string | null }>;
  /** Whether an item of this id was ever recorded. */
  knows(lifecycle: string, item: string): Promise<boolean>;
  /** Undecided items that this person can decide in these teams, soonest due first. */
  inbox(
    person: PersonId,
    functions: readonly BusinessFunction[],
    teams: readonly string[],
    limit: number,
  ): Promise<readonly InboxItem[]>;
  /** How many nobody has decided, and of how many the SLA has passed, in these teams (null: in all). */
  counts(
    teams: readonly string[] | null,
    now: Instant,
  ): Promise<{ readonly open: number; readonly late: number }>;
  /** How many are late, by queue; a queue without any is left out. */
  lateByQueue(now: Instant): Promise<ReadonlyMap<string, number>>;
}
