/** What the commands of a proposal carry in Temporal: `envelope.ts` for operating models on their way to being published. */
import { z } from 'zod';
import type { PolicyCommandName, PolicyPayloads } from '../domain/policy-change/commands.js';
import { DECISIONS } from '../domain/vocabulary.js';
import { type Envelope, envelopeForm, type ReadEnvelope, readEnvelope } from './envelope.js';
import { field } from './fields.js';

const count = z.int().min(0);

const PAYLOADS = {
  'dry-run': z.strictObject({
    report: field.digest,
    effects: field.digest,
    lifecycles: count,
    affected: count,
    unseen: count,
  }),
  decide: z.strictObject({
    gate: z.literal('policy'),
    generation: count,
    subject: field.digest,
    seat: z.string().min(1).max(64).exactOptional(),
    decision: z.enum(DECISIONS),
    comment: field.digest.exactOptional(),
  }),
  'retract-decision': z.strictObject({}),
  withdraw: z.strictObject({ reason: field.digest }),
  publish: z.strictObject({}),
} satisfies { readonly [N in PolicyCommandName]: z.ZodType<PolicyPayloads[N]> };

/** Who asks what of a proposal, under which command id. */
export type PolicyEnvelope<N extends PolicyCommandName = PolicyCommandName> = Omit<
  Envelope,
  'payload' | 'expect'
> & { readonly payload: Readonly<PolicyPayloads[N]> };

const FORMS = Object.freeze(
  Object.fromEntries(Object.entries(PAYLOADS).map(([name, payload]) => [name, envelopeForm(payload)])),
) as { readonly [N in PolicyCommandName]: z.ZodType<PolicyEnvelope<N>> };

/** Parses what a message of this name carried; synchronous, never throws on bad input. */
export function parsePolicyEnvelope<N extends PolicyCommandName>(
  name: N,
  message: unknown,
): ReadEnvelope<PolicyEnvelope<N>> {
  const form: z.ZodType<PolicyEnvelope<N>> = FORMS[name];
  return readEnvelope(form, message);
}
