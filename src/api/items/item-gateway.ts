import type { ItemEnvelope } from '../../contracts/item-envelope.js';
import type { Actor } from '../../domain/lifecycle/actor.js';
import type { ItemState, ItemTerms } from '../../domain/operations/item.js';
import type { ItemQuestion } from '../../domain/operations/item-terms.js';
import type { Rejection } from '../../domain/rejection.js';
import type { ItemInput, ItemResult } from '../../workflows/messages/items.js';
import type { Started } from '../lifecycle-gateway.js';

/** What the API asks of the engine about exception items. Every method throws `Problem`. */
export interface ItemGateway {
  /** Under which terms this person opens an item of the lifecycle now, or why not. */
  terms(key: string, actor: Actor, question: ItemQuestion): Promise<ItemTerms | Rejection>;
  /** Why this person cannot use an approval of the lifecycle now; null where they can. */
  refusesUse(key: string, actor: Actor): Promise<Rejection | null>;
  /** Starts an item; where the id is taken, answers what it was started with (null: not by this API). */
  open(input: ItemInput, startId: string): Promise<Started>;
  /**
   * Sends a command and waits up to five seconds; under the same id it answers as it did before. `over`: the item was
   * over, and takes nothing.
   */
  send<N extends 'decide-item' | 'use-item'>(
    key: string,
    item: string,
    name: N,
    envelope: ItemEnvelope<N>,
  ): Promise<ItemResult | { readonly over: ItemState }>;
  /** The item as it is, open or closed; undefined where the engine has none of this id (any more). */
  item(key: string, item: string): Promise<ItemState | undefined>;
}
