/** Schemas of the compiled parts that travel in commands; the sandbox reads them, so nothing heavy is imported. */
import { z } from 'zod';
import type { CompiledCalendar } from '../domain/calendar/calendar.js';
import type { CompiledSpec } from '../domain/spec/spec.js';
import { BUSINESS_FUNCTIONS, GATE_NAMES } from '../domain/vocabulary.js';
import { field } from './fields.js';

const MOST_CLAUSES = 200;
const clause = z.string().min(1).max(80);
const clauses = z.array(clause).max(MOST_CLAUSES);
const word = z.string().min(1).max(120);

const check = z.strictObject({
  id: clause,
  metric: word,
  op: z.enum(['<=', '>=']),
  value: z.number(),
  at: z.array(z.enum(['evidence', 'shadow', 'canary', 'live'])).max(4),
  by: z.array(word).max(32),
  every: z.int().min(1).exactOptional(),
  window: z.int().min(0).nullable(),
  failAfter: z.int().min(1),
  minSample: z.union([z.literal('auto'), z.int().min(0)]),
  onBreach: z.enum(['warn', 'strengthen', 'hold', 'roll-back', 'fall-back']).nullable(),
});

const evidence = z.strictObject({
  id: clause,
  kind: word,
  before: word,
  maxAge: z.int().min(0).nullable(),
  from: z.enum(['any', 'independent']),
  proves: clauses,
});

const queue = z.strictObject({
  id: clause,
  owner: field.personId,
  // Of what `personTime` takes; that form itself does not survive the sandbox.
  sla: z
    .string()
    .regex(/^\d{1,9}(bd|bh|bmin|bs|ms|s|min|h|d)$/)
    .exactOptional(),
  calendar: word.exactOptional(),
  secondLine: field.personId.exactOptional(),
  default: z.enum(['deny', 'manual']).exactOptional(),
});

const spec = z.strictObject({
  digest: field.digest,
  clauses: z.record(clause, field.digest),
  checks: z.array(check).max(MOST_CLAUSES),
  evidence: z.array(evidence).max(MOST_CLAUSES),
  queues: z.array(queue).max(MOST_CLAUSES),
  checkpoints: z
    .array(
      z.strictObject({
        before: z.enum(GATE_NAMES),
        function: field.businessFunction,
        count: z.int().min(1).max(9),
      }),
    )
    .max(MOST_CLAUSES),
  binds: z.record(word, clauses),
  success: z.strictObject(
    Object.fromEntries(BUSINESS_FUNCTIONS.map((name) => [name, clauses.exactOptional()])) as {
      [F in (typeof BUSINESS_FUNCTIONS)[number]]: z.ZodExactOptional<typeof clauses>;
    },
  ),
  fallback: z.boolean(),
  load: z
    .strictObject({ needed: z.number(), available: z.number(), arithmetic: z.string().max(400) })
    .nullable(),
}) satisfies z.ZodType<CompiledSpec>;

const minute = z.int().min(0).max(1_440);

const calendar = z.strictObject({
  id: word,
  version: word,
  zone: word,
  tzdata: word,
  offsets: z
    .array(z.tuple([z.int(), z.int().min(-1_440).max(1_440)]))
    .min(1)
    .max(200),
  week: z.array(z.array(z.tuple([minute, minute])).max(12)).length(7),
  holidays: z.array(z.int()).max(1_000),
  validFrom: z.int(),
  validThrough: z.int(),
}) satisfies z.ZodType<CompiledCalendar>;

/** Passed over when workers freeze what they share: see `field`. */
export const COMPILED = Object.freeze({ spec, calendar });
