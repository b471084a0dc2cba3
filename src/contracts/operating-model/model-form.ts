/** Every field of a written operating model and its own limits. */
import { z } from 'zod';
import { CAUSE_CLASSES, type CauseClass } from '../../domain/vocabulary.js';
import { writtenCalendar } from '../calendar.js';
import { writtenExpression, writtenFact, writtenTierRule } from './assessment.js';
import { writtenDelegation, writtenHandover } from './delegation.js';
import { writtenGate, writtenTwoKey } from './gates.js';
import { writtenBreakGlass, writtenExceptions, writtenOverdue } from './passes.js';
import { writtenPolicyChange } from './policy-change.js';
import { writtenTierRules } from './tier-rules.js';
import { slug } from './words.js';

const rulesByTier = z.strictObject({
  low: writtenTierRules,
  medium: writtenTierRules,
  high: writtenTierRules,
});

const reentry = z.strictObject(
  Object.fromEntries(CAUSE_CLASSES.map((cause) => [cause, z.enum(['implementation', 'specification'])])) as {
    [C in CauseClass]: z.ZodEnum<{ implementation: 'implementation'; specification: 'specification' }>;
  },
);

const freeze = z
  .strictObject({
    name: z.string().min(1).max(80),
    from: z.iso.datetime({
      offset: true,
      error: 'write an instant with its offset: 2027-07-15T00:00:00+05:30',
    }),
    until: z.iso.datetime({
      offset: true,
      error: 'write an instant with its offset: 2027-08-01T00:00:00+05:30',
    }),
  })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
    path: ['until'],
    error: 'must be later than from',
  });

export const modelForm = z.strictObject({
  name: slug,
  version: z.int().min(1),
  demo: z.boolean(),
  timeScale: z.number().gt(0).max(1),
  editors: z.array(z.string().min(1).max(64)).max(50),
  facts: z.array(writtenFact).min(1).max(40),
  tierRules: z.array(writtenTierRule).min(1).max(40),
  tierOtherwise: z.enum(['low', 'medium', 'high']),
  specConditions: z.strictObject({ peopleJudged: writtenExpression, ownModel: writtenExpression }),
  calendars: z.record(slug, writtenCalendar),
  defaultCalendar: z.string(),
  rules: z.strictObject({ pilot: rulesByTier, governed: rulesByTier }),
  promotion: writtenGate,
  retirement: writtenGate,
  twoKey: writtenTwoKey,
  conflict: z.exactOptional(writtenGate),
  breakGlass: z.exactOptional(writtenBreakGlass),
  exceptions: z.exactOptional(writtenExceptions),
  overdue: z.exactOptional(writtenOverdue),
  delegation: z.exactOptional(writtenDelegation),
  handover: z.exactOptional(writtenHandover),
  // Optional: models were pinned before there was such a rule, and their written form is read again.
  policyChange: z.exactOptional(writtenPolicyChange),
  freezes: z.array(freeze).max(40),
  reentry,
});

/** An operating model as its YAML says it, aliases and inheritance resolved. */
export type WrittenOperatingModel = z.output<typeof modelForm>;
