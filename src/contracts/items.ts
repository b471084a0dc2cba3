/** What the API answers about exception items, and what is asked of their list. */
import { z } from 'zod';
import { ITEM_STATUSES } from '../domain/operations/item.js';
import { pageQuery } from './lists.js';

export { ITEM_STATUSES };

const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });
const person = z.string().meta({ description: 'Id of a person.' });
const digest = z.string().meta({ description: 'sha256: and 64 hexadecimal digits.' });

const item = z
  .object({
    item: z.string(),
    queue: z.string(),
    status: z.enum(ITEM_STATUSES).meta({
      description:
        'Undecided: waiting, or second-line once the SLA has passed. manual: people do it by hand; lapsed: approved, and not used in time.',
    }),
    action: digest,
    clause: z.string().nullable(),
    case: z.string(),
    owner: person,
    secondLine: person.nullable(),
    default: z.enum(['deny', 'manual']),
    due: at.meta({ description: 'End of the SLA.' }),
    settles: at.meta({ description: 'When the default outcome settles it.' }),
    openedAt: at,
    openedBy: person,
    decidedAt: at.nullable(),
    decidedBy: person.nullable().meta({ description: 'null: nobody, or time did.' }),
    until: at.nullable().meta({ description: 'Until when the approval can be used, once.' }),
    differed: z.int().meta({ description: 'How often another action was tried under its approval.' }),
  })
  .meta({ id: 'Item' });

export const itemList = z
  .object({ items: z.array(item), nextCursor: z.string().nullable() })
  .meta({ id: 'Items', description: 'From the ledger, last opened first.' });

export const itemCommandAnswer = z
  .object({
    events: z
      .array(z.string())
      .meta({ description: 'Ledger ids of what it caused.', example: ['review/kyc-onboarding/i-7f3a91/2'] }),
    replayed: z
      .boolean()
      .meta({ description: 'Whether it had been accepted before, under the same Idempotency-Key.' }),
    item,
  })
  .meta({ id: 'ItemAccepted', description: 'The command was accepted; the item as it is now.' });

export const itemsQuery = pageQuery.extend({
  status: z.enum(ITEM_STATUSES).optional(),
  late: z
    .enum(['true', 'false'])
    .transform((written) => written === 'true')
    .optional()
    .meta({ description: 'Whether its SLA passed and nobody has decided.' }),
});
