/** What the API answers about all that a spec compiles to; see `domain/spec/overview.ts` for what it means. */
import { z } from 'zod';
import { GUARD_VERDICTS } from '../domain/guard/rules.js';

const digest = z.string().meta({ description: 'sha256: and 64 hexadecimal digits.' });
const ms = z.number().meta({ description: 'Milliseconds.' });
const clause = z.string().meta({ description: 'Id of a clause.' });
const clauses = z.array(clause);

const check = z
  .object({
    clause,
    metric: z.string(),
    op: z.enum(['<=', '>=']),
    limit: z.number(),
    groups: z.array(z.string()),
    window: ms.nullable().meta({ description: 'Milliseconds; null: the whole step.' }),
    failAfter: z.int().meta({ description: 'Failing windows in a row that breach it.' }),
    minimum: z.int().meta({ description: 'Samples without which nothing is concluded.' }),
    onBreach: z.enum(['warn', 'strengthen', 'hold', 'roll-back', 'fall-back']),
  })
  .meta({ id: 'JudgedCheck', description: 'A check as it is judged in one place.' });

const attempt = z.object({
  clause,
  action: z.string(),
  limit: z.number().nullable().meta({ description: 'The most that one action may amount to.' }),
  onAttempt: z.enum(['block', 'review', 'block-and-incident']),
});

const guard = z.object({
  may: z.array(attempt),
  mustNot: z.array(attempt),
  toPerson: z.array(z.object({ clause, when: z.string(), queue: z.string(), of: clauses.nullable() })),
  sample: z.number().meta({ description: 'Share of the allowed cases that a person looks at.' }),
  sampleQueue: z.string().nullable(),
  whenUnknown: z.enum(GUARD_VERDICTS),
});

export const specOverviewAnswer = z
  .object({
    digest: digest.meta({ description: 'Of everything else in this answer.' }),
    spec: digest,
    model: z.object({ name: z.string(), version: z.int(), digest }),
    mode: z.string(),
    tier: z.string(),
    evidence: z.array(
      z.object({
        kind: z.string(),
        before: z.string(),
        maxAge: ms.nullable(),
        independent: z.boolean(),
        clause: clause.nullable().meta({ description: 'null: the operating model asks.' }),
        proves: clauses,
        judgedBy: clauses,
      }),
    ),
    gates: z.array(
      z.object({
        gate: z.string(),
        subject: z.array(z.string()).meta({ description: 'What is signed there.' }),
        seats: z.array(z.object({ id: z.string(), authority: z.string() })),
      }),
    ),
    rollout: z.array(
      z.object({
        step: z.string(),
        judgedAs: z.enum(['evidence', 'shadow', 'canary', 'live']),
        window: ms,
        windows: z.int(),
        checks: z.array(check),
      }),
    ),
    live: z.array(check),
    guard,
    queues: z.array(
      z.object({
        id: clause,
        owner: z.string(),
        sla: z.string(),
        calendar: z.string().optional(),
        secondLine: z.string().optional(),
        default: z.enum(['deny', 'manual']),
      }),
    ),
    load: z
      .object({ needed: z.number(), available: z.number(), arithmetic: z.string() })
      .nullable()
      .meta({ description: 'Hours of people a day at the review limit; null: no queue, or no volume.' }),
    alerts: z.array(
      z.object({
        clause,
        alert: z.string(),
        group: z.string().nullable(),
        severity: z.string(),
        for: z.string().nullable().meta({ description: 'How long it must last; null: not at all.' }),
      }),
    ),
    unwatched: z
      .array(z.object({ clause, why: z.string() }))
      .meta({ description: 'Live clauses that no rule of Prometheus can watch.' }),
  })
  .meta({ id: 'SpecOverview', description: 'All that a version of the spec compiles to under its rules.' });
export type SpecOverviewAnswer = z.output<typeof specOverviewAnswer>;
