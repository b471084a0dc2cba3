/**
 * An operating model as it travels to a lifecycle: compiled by the API. The form of what people write has its own
 * schema; here it only has to be certain that no message leaves a lifecycle without rules to go on by.
 */
import { z } from 'zod';
import type { OperatingModel } from '../domain/policy.js';
import { BUSINESS_FUNCTIONS, RIGHTS } from '../domain/vocabulary.js';
import { COMPILED } from './compiled.js';
import { field } from './fields.js';

const word = z.string().min(1).max(120);
const authority = z.union([
  z.strictObject({ function: z.enum(BUSINESS_FUNCTIONS) }),
  z.strictObject({ right: z.enum(RIGHTS) }),
]);
const business = z.strictObject({ unit: z.enum(['bd', 'bh', 'bmin', 'bs']), n: z.int().min(1) });

const gate = z.looseObject({
  seats: z.array(authority).min(1).max(24),
  sla: business,
  reminders: z.array(z.int()).max(10),
  escalation: z.looseObject({ every: business, chain: z.array(word).max(10) }),
  timeout: z.enum(['hold', 'return']),
});
const lift = z.looseObject({ keys: z.array(authority).min(1).max(6), rootCause: z.boolean() });

const column = z.looseObject({
  gates: z.looseObject({
    scoping: gate.exactOptional(),
    start: gate.exactOptional(),
    specification: gate.exactOptional(),
    launch: gate.exactOptional(),
    readiness: gate.exactOptional(),
  }),
  change: gate.nullable(),
  informed: z.array(word),
  mayHold: z.array(word),
  evidence: z.array(z.looseObject({ kind: word, before: word, maxAge: z.number().nullable(), from: word })),
  rollout: z.looseObject({
    start: word,
    recheck: z.number(),
    steps: z.array(z.looseObject({ kind: word, percent: z.number() })).min(1),
  }),
  minSample: z.looseObject({ shadow: z.number(), exposed: z.number() }),
  approval: z.looseObject({ startBy: z.number(), serveUntil: z.looseObject({ months: z.int() }).nullable() }),
  silence: z.looseObject({ after: z.number(), effect: word }),
  criticalHold: word,
  lift: z.looseObject({ ordinary: lift, afterRollback: lift, afterRollbackAtFull: lift }),
});
const columns = z.looseObject({ low: column, medium: column, high: column });

const model = z.looseObject({
  name: word,
  version: z.int().min(1),
  digest: field.digest,
  demo: z.boolean(),
  timeScale: z.number().gt(0).max(1),
  facts: z.array(z.looseObject({ id: word, type: word, answers: z.array(word) })).min(1),
  tierRules: z.array(z.looseObject({ id: word, tier: word })),
  tierOtherwise: z.enum(['low', 'medium', 'high']),
  specConditions: z.looseObject({}),
  calendars: z.record(word, COMPILED.calendar),
  defaultCalendar: word,
  rules: z.looseObject({ pilot: columns, governed: columns }),
  promotion: gate,
  retirement: gate,
  twoKey: z.looseObject({ sla: business }),
  policyChange: z.looseObject({ migrate: z.array(authority).min(1).max(4), remediation: business }),
  freezes: z.array(z.looseObject({ name: word, from: z.int(), until: z.int() })),
  reentry: z.record(word, word),
  editors: z.array(field.personId).max(60),
});

/** Passed over when workers freeze what they share: see `field`. */
export const COMPILED_MODEL = Object.freeze({ model: model as unknown as z.ZodType<OperatingModel> });
