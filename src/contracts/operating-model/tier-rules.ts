/** What the operating model asks in one mode and tier: one column of its table. */
import { z } from 'zod';
import { STEP_KINDS } from '../../domain/policy.js';
import { GATE_NAMES, HOLD_EFFECTS } from '../../domain/vocabulary.js';
import { businessTime, elapsedTime, personTime } from '../duration-text.js';
import { writtenExpression } from './assessment.js';
import { writtenGate, writtenLift } from './gates.js';
import { authority, businessFunction, slug } from './words.js';

const percent = z.int().min(1).max(100);

const evidence = z.strictObject({
  kind: slug,
  before: z.enum([...GATE_NAMES, ...STEP_KINDS]),
  maxAge: z.exactOptional(elapsedTime),
  from: z.exactOptional(z.enum(['any', 'independent'])),
  when: z.exactOptional(writtenExpression),
});

/** One step of the rollout; without a window, nothing is waited for. */
const step = z.strictObject({
  kind: z.enum(STEP_KINDS),
  percent,
  window: z.exactOptional(elapsedTime),
  windows: z.exactOptional(z.int().min(1).max(10)),
  accept: z.exactOptional(z.enum(['none', 'before', 'after'])),
  advance: z.exactOptional(z.enum(['automatic', 'by-command'])),
});

const queueTerms = z.strictObject({
  sla: personTime,
  secondLine: z.exactOptional(z.strictObject({ who: z.literal('head'), sla: personTime })),
  default: z.enum(['deny', 'manual']),
});

export const writtenTierRules = z.strictObject({
  gates: z.strictObject({
    scoping: z.exactOptional(writtenGate),
    start: z.exactOptional(writtenGate),
    specification: z.exactOptional(writtenGate),
    launch: z.exactOptional(writtenGate),
    readiness: z.exactOptional(writtenGate),
  }),
  change: z.exactOptional(writtenGate),
  informed: z.exactOptional(z.array(businessFunction)),
  mayHold: z.exactOptional(z.array(businessFunction)),
  evidence: z.array(evidence).max(20),
  rollout: z.strictObject({
    start: z.enum(['automatic', 'by-command']),
    recheck: elapsedTime,
    recover: z.exactOptional(z.int().min(1).max(10)),
    steps: z.array(step).min(1).max(8),
  }),
  minSample: z.strictObject({ shadow: z.number().min(0).max(1000), exposed: z.number().min(0).max(1000) }),
  approval: z.strictObject({
    startBy: elapsedTime,
    serveUntil: z.union([
      z.literal('end-of-box'),
      z.strictObject({ months: z.int().min(1).max(60), plus: z.exactOptional(businessTime) }),
    ]),
  }),
  caps: z.exactOptional(
    z.strictObject({
      people: z.int().min(1),
      cases: z.int().min(1),
      sharePercent: percent,
      box: elapsedTime,
      moneyEur: z.exactOptional(z.number().min(0)),
    }),
  ),
  extension: z.exactOptional(
    z.strictObject({
      times: z.int().min(1).max(3),
      maxSharePercent: percent,
      keys: z.array(authority).min(1).max(3),
    }),
  ),
  review: z.union([
    z.strictObject({ everyMonths: z.int().min(1).max(60) }),
    z.strictObject({ boxDays: z.array(z.int().min(1)).max(12), atEnd: z.boolean() }),
  ]),
  silence: z.strictObject({ after: elapsedTime, effect: z.enum(['warn', ...HOLD_EFFECTS]) }),
  criticalHold: z.enum(HOLD_EFFECTS),
  drills: z.exactOptional(
    z.strictObject({ every: elapsedTime, within: elapsedTime, overdue: z.enum(['warn', ...HOLD_EFFECTS]) }),
  ),
  queue: z.strictObject({ ...queueTerms.shape, agents: z.exactOptional(queueTerms) }),
  lift: z.strictObject({
    ordinary: writtenLift,
    afterRollback: writtenLift,
    afterRollbackAtFull: writtenLift,
  }),
});
export type WrittenTierRules = z.output<typeof writtenTierRules>;
export type WrittenQueueTerms = z.output<typeof queueTerms>;
