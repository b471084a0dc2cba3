/** What an auditor sends to erase what somebody wrote. */
import { z } from 'zod';
import { field, text } from './fields.js';

export const erasureForm = z.strictObject({
  subject: field.personId.describe('Whose words become unreadable.'),
  reason: text('Why, such as the number of the request.', 2_000),
});

export const ERASURE_EXAMPLE: z.input<typeof erasureForm> = {
  subject: 'rohan',
  reason: 'Request 2026-117: left the company.',
};

export const erasureAnswer = z
  .object({
    subject: z.string(),
    documents: z.int().meta({ description: 'How many documents nobody can read any more.' }),
    entry: z.string().meta({ description: 'Id of the ledger entry that records it.' }),
  })
  .meta({ id: 'Erased', description: 'The key is gone, for good.' });

export const documentAnswer = z
  .object({
    digest: z.string(),
    class: z.enum(['record', 'evidence', 'personal']),
    document: z.unknown().meta({ description: 'As it was stored.' }),
  })
  .meta({ id: 'Document', description: 'A document that the ledger of the lifecycle refers to.' });
