/** What the commands of an exception item carry in Temporal: `envelope.ts` for the other table of commands. */
import { z } from 'zod';
import type { ItemTerms } from '../domain/operations/item.js';
import type { ItemCommandName, ItemPayloads } from '../domain/operations/item-commands.js';
import { ITEM_BODIES } from './bodies/items.js';
import { type Envelope, envelopeForm, type ReadEnvelope, readEnvelope } from './envelope.js';
import { field } from './fields.js';
import { travelledSchema } from './travel.js';

const terms = z.strictObject({
  lifecycle: field.lifecycleKey,
  team: z.string().min(1).max(64),
  queue: field.id,
  owner: field.personId,
  function: field.businessFunction,
  secondLine: field.personId.nullable(),
  due: z.int(),
  settles: z.int(),
  default: z.enum(['deny', 'manual']),
  release: field.digest.nullable(),
}) satisfies z.ZodType<ItemTerms>;

const PAYLOADS = {
  'open-item': z.strictObject({
    item: field.itemId,
    action: field.digest,
    clause: field.id.nullable(),
    case: field.caseReference,
    terms,
  }),
  'decide-item': travelledSchema(ITEM_BODIES['decide-item'].body),
  'use-item': travelledSchema(ITEM_BODIES['use-item'].body),
} satisfies { readonly [N in ItemCommandName]: z.ZodType<ItemPayloads[N]> };

/** Who asks what of an item, under which command id. */
export type ItemEnvelope<N extends ItemCommandName = ItemCommandName> = Omit<Envelope, 'payload'> & {
  readonly payload: Readonly<ItemPayloads[N]>;
};

const FORMS = Object.fromEntries(
  Object.entries(PAYLOADS).map(([name, payload]) => [name, envelopeForm(payload)]),
) as { readonly [N in ItemCommandName]: z.ZodType<ItemEnvelope<N>> };

/** Parses what a message of this name carried; synchronous, never throws on bad input. */
export function parseItemEnvelope<N extends ItemCommandName>(
  name: N,
  message: unknown,
): ReadEnvelope<ItemEnvelope<N>> {
  const form: z.ZodType<ItemEnvelope<N>> = FORMS[name];
  return readEnvelope(form, message);
}
