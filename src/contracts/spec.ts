import { z } from 'zod';
import { BUSINESS_FUNCTIONS, CAUSE_CLASSES, GATE_NAMES } from '../domain/vocabulary.js';
import { elapsedTime } from './duration-text.js';
import { field } from './fields.js';
import { clauseProblems } from './spec/clause-problems.js';
import {
  check,
  clauseId,
  evidenceItem,
  permission,
  prohibition,
  prose,
  queue,
  sentToPerson,
  step,
  term,
  words,
} from './spec/clauses.js';
import { guard } from './spec/guard-form.js';
import { referenceProblems } from './spec/reference-problems.js';

const success = z.strictObject(
  Object.fromEntries(
    BUSINESS_FUNCTIONS.map((name) => [name, z.exactOptional(z.array(clauseId).min(1).max(40))]),
  ) as { [F in (typeof BUSINESS_FUNCTIONS)[number]]: z.ZodExactOptional<z.ZodArray<typeof clauseId>> },
);

/**
 * The written spec of a use case: one form for both modes. What a mode and tier require of it is stated by
 * `specProblems`; here is what every spec must be. A pilot's light form is purpose, may, mustNot, cohort and
 * fallback.
 */
export const specForm = z
  .strictObject({
    spec: field.lifecycleKey,
    purpose: prose(2_000),
    learn: z.exactOptional(z.array(words).min(1).max(10)),
    value: z.exactOptional(
      z.strictObject({
        metric: term,
        baseline: z.number(),
        target: z.number(),
        by: z.iso.date({ error: 'write a date that exists, as YYYY-MM-DD' }),
      }),
    ),
    casesPerDay: z.exactOptional(z.number().gt(0).max(1e9)),
    steps: z.exactOptional(z.array(step).min(1).max(40)),
    may: z.array(permission).min(1).max(40),
    mustNot: z.array(prohibition).min(1).max(40),
    checks: z.exactOptional(z.array(check).min(1).max(40)),
    toPerson: z.exactOptional(z.array(sentToPerson).min(1).max(20)),
    queues: z.exactOptional(z.array(queue).min(1).max(10)),
    evidence: z.exactOptional(z.array(evidenceItem).min(1).max(20)),
    checkpoints: z.exactOptional(
      z
        .array(
          z.strictObject({
            before: z.enum(GATE_NAMES),
            function: field.businessFunction,
            count: z.int().min(1).max(5),
          }),
        )
        .min(1)
        .max(10),
    ),
    binds: z.exactOptional(
      z
        .record(field.section, z.array(clauseId).min(1).max(40))
        .refine((sections) => Object.keys(sections).length <= 40, { error: 'bind at most 40 sections' }),
    ),
    retrain: z.exactOptional(
      z
        .array(
          z.strictObject({
            check: clauseId,
            over: z.number(),
            for: elapsedTime,
            opens: z.enum(CAUSE_CLASSES),
          }),
        )
        .min(1)
        .max(10),
    ),
    fallback: z.strictObject({ manual: words, runbook: words, standsFor: elapsedTime }),
    dependsOn: z.exactOptional(z.array(term).max(50)),
    success: z.exactOptional(success),
    cohort: z.exactOptional(words),
    guard: z.exactOptional(guard),
  })
  .superRefine((spec, context) => {
    for (const { path, detail } of [...referenceProblems(spec), ...clauseProblems(spec)]) {
      context.addIssue({ code: 'custom', path: [...path], message: detail });
    }
  });

export type Spec = z.output<typeof specForm>;
