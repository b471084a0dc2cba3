/**
 * An exception item: one live case that a person must review before the system may act. Plain JSON, with lives of
 * their own beside the lifecycle; every instant at which time alone changes something is in it, absolute.
 */
import type { Digest } from '../digest.js';
import type { BusinessFunction, Instant, PersonId } from '../vocabulary.js';

/** What a queue does with a case that nobody decided in time: refuse the action, or have people do it by hand. */
export type DefaultOutcome = 'deny' | 'manual';

/** What an item is opened under, read once from the spec and the operating model that are in force then. */
export interface ItemTerms {
  /** Key of the lifecycle. */
  readonly lifecycle: string;
  readonly team: string;
  readonly queue: string;
  readonly owner: PersonId;
  /** Whose people in the team may decide beside the owner. */
  readonly function: BusinessFunction;
  /** Who gets it when the first line is late; null: nobody does. */
  readonly secondLine: PersonId | null;
  /** End of the SLA. */
  readonly due: Instant;
  /** When the default outcome settles it: `due` where there is no second line. */
  readonly settles: Instant;
  readonly default: DefaultOutcome;
  /** What was exposed when it was opened; null: the fallback. */
  readonly release: Digest | null;
}

/** What is to be reviewed: never the case itself, which stays where it is. */
export interface ItemSubject {
  /** Digest of the action that the system wants to take. */
  readonly action: Digest;
  /** Clause of the spec that sent the case to a person. */
  readonly clause: string | null;
  /** A reference of the system's own to the case, that says nothing about whom it is of. */
  readonly case: string;
}

export const ITEM_STATUSES = [
  'waiting',
  'second-line',
  'approved',
  'denied',
  'manual',
  'used',
  'lapsed',
] as const;
/** `lapsed`: approved, and not used in time. */
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** What happened to an item; in the ledger each is an entry of the lifecycle's chain. */
export type ItemEvent =
  | ({ readonly type: 'ItemOpened' } & ItemSubject & Omit<ItemTerms, 'lifecycle'>)
  | { readonly type: 'ItemPassedOn'; readonly to: PersonId; readonly settles: Instant }
  | {
      readonly type: 'ItemApproved';
      readonly action: Digest;
      readonly reason: Digest;
      readonly until: Instant;
    }
  | { readonly type: 'ItemDenied'; readonly reason: Digest }
  | { readonly type: 'ItemDefaulted'; readonly outcome: DefaultOutcome }
  | { readonly type: 'ItemUsed'; readonly action: Digest }
  /** Somebody wanted to use the approval for another action; it was blocked. */
  | { readonly type: 'ItemActionDiffered'; readonly action: Digest }
  | { readonly type: 'ItemLapsed' };

export interface ItemState extends ItemTerms, ItemSubject {
  readonly engine: 1;
  /** Within its lifecycle. */
  readonly id: string;
  /** Number of its last event. */
  readonly seq: number;
  readonly status: ItemStatus;
  readonly openedAt: Instant;
  readonly openedBy: PersonId;
  /** Who decided; null: nobody yet, or time did. */
  readonly decidedBy: PersonId | null;
  readonly decidedAt: Instant | null;
  /** Until when an approval can be used; null: there is none. */
  readonly until: Instant | null;
  /** How often another action was tried under its approval. */
  readonly differed: number;
}

/** The item as its first event leaves it. */
export function beginItem(
  id: string,
  lifecycle: string,
  { type: _opened, ...opened }: Extract<ItemEvent, { type: 'ItemOpened' }>,
  openedBy: PersonId,
  at: Instant,
): ItemState {
  return {
    engine: 1,
    id,
    lifecycle,
    seq: 1,
    ...opened,
    status: 'waiting',
    openedAt: at,
    openedBy,
    decidedBy: null,
    decidedAt: null,
    until: null,
    differed: 0,
  };
}

/** The next state; `at` and `by` are those of the event. */
export function evolveItem(state: ItemState, event: ItemEvent, at: Instant, by: PersonId | null): ItemState {
  const next = { ...state, seq: state.seq + 1 };
  switch (event.type) {
    case 'ItemOpened':
      throw new TypeError(`item ${state.id} is opened twice`);
    case 'ItemPassedOn':
      return { ...next, status: 'second-line' };
    case 'ItemApproved':
      return { ...next, status: 'approved', decidedBy: by, decidedAt: at, until: event.until };
    case 'ItemDenied':
      return { ...next, status: 'denied', decidedBy: by, decidedAt: at };
    case 'ItemDefaulted':
      return { ...next, status: event.outcome === 'deny' ? 'denied' : 'manual', decidedAt: at };
    case 'ItemUsed':
      return { ...next, status: 'used', until: null };
    case 'ItemActionDiffered':
      return { ...next, differed: state.differed + 1 };
    case 'ItemLapsed':
      return { ...next, status: 'lapsed', until: null };
  }
}

/** Whether a person still has to decide. */
export function isUndecided({ status }: Pick<ItemState, 'status'>): boolean {
  return status === 'waiting' || status === 'second-line';
}

/** Whether nothing changes any more. */
export function isOver(state: ItemState): boolean {
  return !isUndecided(state) && state.status !== 'approved';
}
