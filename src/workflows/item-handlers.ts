/** How messages reach an exception item. Registered before the first await, with examples for the UI's forms. */
import type { UpdateDefinition } from '@temporalio/common';
import { condition, setHandler } from '@temporalio/workflow';
import { type ItemEnvelope, parseItemEnvelope } from '../contracts/item-envelope.js';
import { ITEM_COMMANDS } from '../domain/operations/item-commands.js';
import { failure, guarded } from './failures.js';
import type { Answerable, ItemEntity } from './item-entity.js';
import { decideItemUpdate, type ItemResult, itemQuery, useItemUpdate } from './messages/items.js';

function parsed<N extends Answerable>(name: N, message: unknown): ItemEnvelope<N> {
  const read = parseItemEnvelope(name, message);
  if (read.ok) return read.envelope;
  throw failure(
    'malformed',
    read.problems.map(({ fact, message: detail }) => ({
      code: 'malformed',
      message: `${fact}: ${detail}`,
      fact,
    })),
  );
}

function register<N extends Answerable>(
  entity: ItemEntity,
  name: N,
  // What arrives is only believed once it has been parsed, whatever the definition promises.
  definition: UpdateDefinition<ItemResult, [unknown]>,
  example: string,
): void {
  const validator = (message: unknown) =>
    guarded(() => void entity.judge(name, parsed(name, message), Date.now()));
  const handler = (message: unknown): ItemResult | Promise<ItemResult> => {
    const result = guarded(() => {
      const events = entity.command(name, parsed(name, message), Date.now());
      return { events, item: entity.state, trust: entity.belief.trust };
    });
    // Whoever is answered acts on it. Of an id that was started anew only the ledger knows that it was used before.
    return name === 'use-item' ? condition(() => entity.waiting.length === 0).then(() => result) : result;
  };
  const description = `${ITEM_COMMANDS[name].summary}. Example payload: ${example}`;
  setHandler(definition, handler, { validator, description });
}

const ACTION = `"item": "i-7f3a91", "action": "sha256:${'4d'.repeat(32)}"`;

/** Registers the updates and the query of an item. */
export function registerItemHandlers(entity: ItemEntity): void {
  const reason = `"reason": "sha256:${'1a'.repeat(32)}"`;
  register(entity, 'decide-item', decideItemUpdate, `{${ACTION}, "decision": "deny", ${reason}}`);
  register(entity, 'use-item', useItemUpdate, `{${ACTION}}`);
  setHandler(itemQuery, () => entity.state, { description: 'The item as it is. Takes no argument.' });
}
