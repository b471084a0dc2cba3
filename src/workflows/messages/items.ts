/** The contract with Temporal about exception items, for the API and the workflows alike. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { ItemEnvelope } from '../../contracts/item-envelope.js';
import type { Trust } from '../../contracts/proof/roots.js';
import type { Actor } from '../../domain/lifecycle/actor.js';
import type { ItemState, ItemTerms } from '../../domain/operations/item.js';
import type { ItemQuestion } from '../../domain/operations/item-terms.js';
import type { Rejection } from '../../domain/rejection.js';
import type { Instant } from '../../domain/vocabulary.js';

/** Type of the workflow that carries one item. */
export const ITEM_WORKFLOW = 'reviewItem';

/** Workflow id of an item, and what the ids of its ledger entries begin with. */
export function itemWorkflowId(lifecycle: string, item: string): string {
  return `review/${lifecycle}/${item}`;
}

/** What an item starts with: the command that opens it, in the envelope of whoever sent it. */
export interface ItemInput {
  readonly opening: ItemEnvelope<'open-item'>;
  readonly trust: Trust;
}

/** What an accepted command answers. */
export interface ItemResult {
  /** Ledger ids of what it caused, `review/{key}/{id}/{n}`. */
  readonly events: readonly string[];
  readonly item: ItemState;
  /** Whom the item believed: one that somebody else started believes whom they chose. */
  readonly trust: Trust;
}

export const decideItemUpdate = defineUpdate<ItemResult, [ItemEnvelope<'decide-item'>], 'decide-item'>(
  'decide-item',
);
export const useItemUpdate = defineUpdate<ItemResult, [ItemEnvelope<'use-item'>], 'use-item'>('use-item');

export const itemQuery = defineQuery<ItemState, [], 'item'>('item');

interface Asking {
  readonly actor: Actor;
  /** The caller's clock: a query has none of its own. */
  readonly now: Instant;
}

/** Asked of the lifecycle: under which terms this person opens an item now, or why it is refused. */
export const itemTermsQuery = defineQuery<
  ItemTerms | Rejection,
  [Asking & { readonly question: ItemQuestion }],
  'item-terms'
>('item-terms');

/** Asked of the lifecycle: why this person cannot use an approval now; null where they can. */
export const itemUseQuery = defineQuery<Rejection | null, [Asking], 'item-use'>('item-use');
