import type { EventType } from '../domain/lifecycle/events.js';
import type { LifecycleView, Waiting } from '../domain/lifecycle/view.js';
import type { Instant, Mode, PersonId, Right, Stage, Tier } from '../domain/vocabulary.js';
import type { PlacedEntry } from './ledger.js';

/** One lifecycle in a list. Times in milliseconds since 1970-01-01T00:00:00Z. */
export interface LifecycleRow {
  readonly key: string;
  readonly title: string;
  readonly stage: Stage;
  readonly mode: Mode;
  /** The tier in effect. */
  readonly tier: Tier;
  readonly team: string;
  /** Label of the serving release; null: the fallback. */
  readonly release: string | null;
  /** Seats, rights and machines it waits for, as `waitingOn[].who` of its view. */
  readonly waitingOn: readonly string[];
  readonly nextDue: Instant | null;
  readonly held: boolean;
  /** Percent exposed; null while unknown. */
  readonly exposure: number | null;
  readonly owners: { readonly [R in Right]?: PersonId | readonly PersonId[] };
  readonly openedAt: Instant;
  /** When anything of this last changed. */
  readonly updatedAt: Instant;
  /** Number of its last event. */
  readonly version: number;
}

export const LIST_SORTS = ['due', 'key', 'updated', 'opened'] as const;
export type ListSort = (typeof LIST_SORTS)[number];

/** What a list is narrowed to; everything given must hold. */
export interface ListQuery {
  /** Only lifecycles of these teams; null: of all teams. */
  readonly teams: readonly string[] | null;
  readonly stage?: Stage;
  readonly mode?: Mode;
  readonly tier?: Tier;
  readonly team?: string;
  /** Whoever holds one of its decision rights. */
  readonly owner?: PersonId;
  /** A seat such as `readiness:risk`, a function at any gate such as `risk`, or a person who can act now. */
  readonly waitingOn?: string;
  readonly held?: boolean;
  /** Words of the key or title. */
  readonly q?: string;
  /** Soonest due, key, last changed first, last opened first. */
  readonly sort: ListSort;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface InboxItem extends Omit<Waiting, 'kind'> {
  /** `item`: an exception item, beside what lifecycles wait for. */
  readonly kind: Waiting['kind'] | 'item';
  readonly key: string;
  readonly title: string;
  readonly stage: Stage;
  readonly tier: Tier;
  readonly team: string;
}

/** Counts of open lifecycles, and how old the oldest is, by stage and by tier. */
export interface Portfolio {
  readonly open: number;
  readonly held: number;
  readonly overdue: number;
  readonly byStage: readonly { readonly stage: Stage; readonly count: number; readonly oldest: Instant }[];
  readonly byTier: readonly { readonly tier: Tier; readonly count: number }[];
  readonly byMode: readonly { readonly mode: Mode; readonly count: number }[];
  readonly byTeam: readonly { readonly team: string; readonly count: number }[];
}

/** A lifecycle as the ledger knows it: without what only the caller's standing and the moment decide. */
export interface StaleView {
  readonly view: Omit<LifecycleView, 'allowedCommands' | 'refused'>;
  /** When its last recorded event happened. */
  readonly asOf: Instant;
}

/**
 * Lists and inboxes, folded from the ledger in the transaction of each append. Nothing is decided from it.
 * Every method throws `LedgerUnavailable`; those that take a cursor, `CursorInvalid`.
 */
export interface ReadModel {
  lifecycles(query: ListQuery): Promise<{ items: readonly LifecycleRow[]; nextCursor: string | null }>;
  /** What waits on a person in these teams, soonest due first, what has no due time last. */
  inbox(person: PersonId, teams: readonly string[], limit: number): Promise<readonly InboxItem[]>;
  portfolio(teams: readonly string[] | null, now: Instant): Promise<Portfolio>;
  view(key: string): Promise<StaleView | undefined>;
  /** The team of a lifecycle, also of one that the engine has forgotten; undefined: none is recorded. */
  team(key: string): Promise<string | undefined>;
  /**
   * Up to `limit` event entries of these types of one lifecycle, oldest first, whose position is above `after`
   * (0: from the start). From the ledger, not from its fold.
   */
  entriesOfType(
    key: string,
    types: readonly EventType[],
    after: number,
    limit: number,
  ): Promise<readonly PlacedEntry[]>;
  /** Number of the last recorded event by lifecycle; one without any is left out. At most 1,000 keys. */
  recorded(keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** How many lifecycles have a row that is older than their last recorded event. */
  behind(): Promise<number>;
}
