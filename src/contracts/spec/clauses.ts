/** The clauses of a spec: everything in it that has an id of its own. Text is Markdown, nothing is executed. */
import { z } from 'zod';
import { STEP_KINDS } from '../../domain/policy.js';
import { GATE_NAMES } from '../../domain/vocabulary.js';
import { elapsedTime, personTime } from '../duration-text.js';
import { field } from '../fields.js';
import { shape } from './output-shape.js';

export const clauseId = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
    error: 'write an id of lower-case letters, digits and single hyphens, such as c2',
  });

/** Text that says something. Never trimmed: a spec's digest covers what was written. */
export const prose = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text.trim() !== '', { error: 'say something; it must not be empty' });

/** A short text. */
export const words = prose(500);

/** A name as metric sources and records of evidence use it. */
export const term = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_+.:-]*$/, {
    error: 'write a name without spaces, such as false-accept-rate',
  });

export const step = z.strictObject({ id: clauseId, who: z.enum(['person', 'ai', 'system']), does: words });

const attempt = z.strictObject({
  id: clauseId,
  action: words,
  limit: z.exactOptional(z.union([z.number(), words])),
  onAttempt: z.exactOptional(z.enum(['block', 'review', 'block-and-incident'])),
});

/** What AI may do, and what its output looks like then. */
export const permission = attempt.extend({ accepts: z.exactOptional(shape) });

export const prohibition = attempt.required({ onAttempt: true });

export const check = z.strictObject({
  id: clauseId,
  metric: term,
  op: z.enum(['<=', '>=']),
  value: z.number(),
  at: z
    .array(z.enum(['evidence', 'shadow', 'canary', 'live']))
    .min(1)
    .max(4),
  by: z.exactOptional(z.array(term).min(1).max(32)),
  every: z.exactOptional(elapsedTime),
  window: z.exactOptional(elapsedTime),
  failAfter: z.exactOptional(z.int().min(1).max(10)),
  minSample: z.exactOptional(z.union([z.literal('auto'), z.int().min(1)])),
  onBreach: z.exactOptional(z.enum(['warn', 'strengthen', 'hold', 'roll-back', 'fall-back'])),
});

export const sentToPerson = z.strictObject({
  id: clauseId,
  when: z.union([
    z.strictObject({ metric: term, op: z.enum(['<', '<=', '>', '>=']), value: z.number() }),
    z.strictObject({ flag: term }),
  ]),
  queue: clauseId,
  of: z.exactOptional(z.array(clauseId).min(1).max(40)),
});

/** What it leaves out, the operating model says. */
export const queue = z.strictObject({
  id: clauseId,
  owner: field.personId,
  sla: z.exactOptional(personTime),
  calendar: z.exactOptional(term),
  secondLine: z.exactOptional(field.personId),
  default: z.exactOptional(z.enum(['deny', 'manual'])),
  minutesPerItem: z.number().gt(0).max(1_440),
  hoursPerDay: z.number().gt(0).max(100_000),
});

export const evidenceItem = z.strictObject({
  id: clauseId,
  kind: term,
  before: z.enum([...GATE_NAMES, ...STEP_KINDS]),
  maxAge: z.exactOptional(elapsedTime),
  from: z.exactOptional(z.enum(['any', 'independent'])),
  proves: z.exactOptional(z.array(clauseId).min(1).max(40)),
});
