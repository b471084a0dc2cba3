/** What the API answers about decisions: each with its proof as standard tools read it, in DSSE envelopes. */
import { z } from 'zod';

const dsseForm = z
  .object({
    payloadType: z.string(),
    payload: z.string().meta({ description: 'Base64.' }),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string().meta({ description: 'Base64.' }) })),
  })
  .meta({ id: 'DsseEnvelope', description: 'A Dead Simple Signing Envelope.' });
export type DsseEnvelope = z.output<typeof dsseForm>;

const decisionItem = z.object({
  entry: z.string().meta({ description: 'Id of its entry in the ledger.' }),
  at: z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' }),
  gate: z.string(),
  person: z.string(),
  decision: z.string(),
  doubt: z.string().nullable().meta({
    description:
      'Why what is on record is not proven to be what the API signed: unsigned, another-statement, unknown-root, …; null: it is proven.',
  }),
  envelope: dsseForm
    .nullable()
    .meta({ description: 'The in-toto statement that the API signed; null where nobody asked for proof.' }),
  certificate: dsseForm
    .nullable()
    .meta({ description: 'By which root key, and for when, the key that signed it was certified.' }),
});
export type DecisionItem = z.output<typeof decisionItem>;

export const decisionList = z
  .object({ items: z.array(decisionItem), nextCursor: z.string().nullable() })
  .meta({ id: 'Decisions', description: 'Oldest first.' });
