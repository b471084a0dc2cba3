/** Bodies of the commands of exception items. */
import { z } from 'zod';
import { field, text } from '../fields.js';
import { body } from './body.js';

const item = field.itemId.describe('Id of the item, as it was answered or is in your inbox.');

export const ITEM_BODIES = Object.freeze({
  'open-item': body(
    z.strictObject({
      item: field.itemId
        .exactOptional()
        .describe('An id of your own, new within the use case; left out, one is made.'),
      queue: field.id.exactOptional().describe('Queue of the spec; left out, the only one there is.'),
      action: field.digest.describe('Digest of the very action that is to be taken, with all it depends on.'),
      clause: field.id.exactOptional().describe('Clause of the spec that sends the case to a person.'),
      case: field.caseReference.describe(
        'Your reference to the case, without a word about whom it is of: it cannot be erased.',
      ),
      agent: z
        .boolean()
        .exactOptional()
        .describe(
          'Whether an agent waits for the answer: shorter terms, where the operating model has them.',
        ),
    }),
    {
      queue: 'doubtful',
      action: `sha256:${'4d'.repeat(32)}`,
      clause: 'p1',
      case: 'case-7f3a91',
    },
  ),
  'decide-item': body(
    z.strictObject({
      item,
      action: field.digest.describe('Digest of the action that you looked at.'),
      decision: z.enum(['approve', 'deny']),
      reason: text('Why it may be done, or may not.'),
    }),
    {
      item: 'i-7f3a91',
      action: `sha256:${'4d'.repeat(32)}`,
      decision: 'approve',
      reason: 'The photograph is worn, and the numbers agree with the register.',
    },
  ),
  'use-item': body(
    z.strictObject({
      item,
      action: field.digest.describe('Digest of the action that is about to be taken.'),
    }),
    { item: 'i-7f3a91', action: `sha256:${'4d'.repeat(32)}` },
  ),
});
