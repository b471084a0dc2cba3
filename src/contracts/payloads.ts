/**
 * What every command carries in Temporal. This half of the command table runs in the workflow sandbox too,
 * so the forms of documents (specs, calendars, briefs) stay out of it: see `bodies/intake.ts` for those.
 */
import { z } from 'zod';
import type { CommandName, Payloads } from '../domain/commands/payloads.js';
import { CAUSE_CLASSES } from '../domain/vocabulary.js';
import { DELEGATION_BODIES } from './bodies/delegation.js';
import { DELIVERY_BODIES } from './bodies/delivery.js';
import { GATE_BODIES } from './bodies/gates.js';
import { LIVE_BODIES } from './bodies/live.js';
import { OVERSIGHT_BODIES } from './bodies/oversight.js';
import { PASS_BODIES } from './bodies/passes.js';
import { SCOPING_BODIES } from './bodies/scoping.js';
import { COMPILED } from './compiled.js';
import { COMPILED_MODEL } from './compiled-model.js';
import { field } from './fields.js';
import { type Travelled, travelledSchema } from './travel.js';

/** Bodies whose payload follows by storing texts and reading date-times. */
export const PLAIN_BODIES = Object.freeze({
  ...SCOPING_BODIES,
  ...GATE_BODIES,
  ...DELEGATION_BODIES,
  ...DELIVERY_BODIES,
  ...LIVE_BODIES,
  ...OVERSIGHT_BODIES,
  ...PASS_BODIES,
});
export type PlainCommand = keyof typeof PLAIN_BODIES;

type PlainPayloads = {
  [N in PlainCommand]: z.ZodType<Travelled<z.output<(typeof PLAIN_BODIES)[N]['body']>>>;
};

const plain = Object.fromEntries(
  Object.entries(PLAIN_BODIES).map(([name, { body }]) => [name, travelledSchema<z.ZodType>(body)]),
) as PlainPayloads;

const missing = z.array(z.string().max(200)).max(100);

export const PAYLOADS = Object.freeze({
  ...plain,
  'update-brief': z.strictObject({ brief: field.digest, missing }),
  'draft-spec': z.strictObject({ spec: COMPILED.spec, missing }),
  'register-release': z.strictObject({
    release: field.digest,
    changedSections: z.array(field.section).max(100),
    irreversible: z.boolean().exactOptional(),
    vendorUntil: z.int().exactOptional(),
  }),
  'add-evidence': z.strictObject({
    kind: field.id,
    digest: field.digest,
    producer: field.personId,
    independent: z.boolean(),
    collectedAt: z.int(),
    about: z.array(field.digest).max(20),
    results: field.results,
  }),
  'update-calendar': z.strictObject({ calendar: COMPILED.calendar }),
  'open-change': z.strictObject({
    kind: z.enum(CAUSE_CLASSES),
    changedSections: z.array(field.section).max(100),
    reason: field.digest,
    supersede: z.boolean().exactOptional(),
    model: COMPILED_MODEL.model.exactOptional(),
  }),
  'accept-migration': z.strictObject({ model: COMPILED_MODEL.model }),
} satisfies { readonly [N in CommandName]: z.ZodType<Payloads[N]> });
