/** What the API answers, for the OpenAPI document: the view of a lifecycle. Instants are milliseconds since 1970. */
import { z } from 'zod';
import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES } from '../domain/commands/table.js';
import type { LifecycleView } from '../domain/lifecycle/view.js';
import {
  DECISIONS,
  FINDING_KINDS,
  HOLD_EFFECTS,
  MODES,
  RIGHTS,
  type Right,
  STAGES,
  TIERS,
} from '../domain/vocabulary.js';
import { reasonForm } from './problem.js';

const at = z.int().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });
const digest = z.string().meta({ description: 'sha256: and 64 hexadecimal digits.' });
const person = z.string().meta({ description: 'Id of a person.' });
const commandName = z.enum(COMMAND_NAMES as [CommandName, ...CommandName[]]);
const reasons = z.array(reasonForm);

const waiting = z.object({
  kind: z.enum(['seat', 'right', 'activity', 'deadline']),
  who: z.string().meta({ description: 'Such as readiness:risk or right:technicalOwner.' }),
  people: z.array(person),
  what: z.string(),
  gate: z.string().nullable(),
  due: at.nullable(),
});

const gate = z.object({
  gate: z.string(),
  generation: z.int(),
  subject: digest,
  status: z.enum(['open', 'confirming', 'held']),
  due: at,
  dueLocal: z.string(),
  paused: z.boolean(),
  seats: z.array(
    z.object({
      seat: z.string(),
      filledBy: person.nullable(),
      for: person.nullable().meta({ description: 'In whose name; null: in their own.' }),
    }),
  ),
  decisions: z.array(z.object({ person, decision: z.enum(DECISIONS), late: z.boolean() })),
  reaffirm: z.array(person),
});

const delivery = z.object({
  n: z.int(),
  step: z.string(),
  change: z.object({ id: z.string(), kind: z.string(), materiality: z.string() }).nullable(),
  spec: z.object({ version: z.int(), digest }).nullable(),
  release: z.object({ label: z.string(), digest }).nullable(),
  evidence: z.array(z.object({ kind: z.string(), digest, met: z.boolean() })),
  missing: reasons,
});

const hold = z.object({
  hold: z.string(),
  effect: z.enum(HOLD_EFFECTS),
  scope: z.string(),
  source: z.string(),
  by: person.nullable(),
  at,
  verified: z.boolean(),
  keys: z.array(z.string()).meta({ description: 'Who has to lift it, together.' }),
});

const finding = z.object({
  finding: z.string(),
  kind: z.enum(FINDING_KINDS),
  gate: z.string().nullable().meta({ description: 'What it freezes; null: every gate.' }),
  detail: z.string(),
  at,
  ratifiedBy: z.array(person),
  missing: z.array(z.enum(['approver', 'auditor'])).meta({ description: 'Who still has to ratify it.' }),
});

const share = z.object({ release: digest, percent: z.number() });
const allocation = z.object({
  candidate: share.extend({ shadow: z.boolean() }).nullable(),
  serving: share.nullable(),
  cohort: z.object({ digest, people: z.int() }).nullable(),
  review: z.enum(['normal', 'all']),
});

const passes = {
  conflicts: z.array(
    z.object({
      conflict: z.string(),
      gate: z.string().nullable().meta({ description: 'What it is about; null: all that moves forward.' }),
      by: person,
      at,
      due: at.nullable(),
    }),
  ),
  exceptions: z.array(
    z.object({
      exception: z.string(),
      control: z.string(),
      place: z.string(),
      by: z.array(person),
      until: at,
    }),
  ),
  glass: z.array(
    z.object({
      glass: z.string(),
      passes: z.enum(['approval', 'freeze']),
      what: z.string(),
      by: z.array(person),
      until: at,
      reviewed: z.boolean(),
    }),
  ),
  deadlines: z.array(
    z.object({
      what: z.string(),
      kind: z.enum(['business', 'calendar', 'statutory']),
      due: at,
      dueLocal: z.string(),
      rolled: at
        .nullable()
        .meta({ description: 'Of a date set by law: the working time it rolls to; it acts at due.' }),
    }),
  ),
};

const serving = z.object({
  label: z.string(),
  release: digest,
  percent: z.number(),
  since: at,
  serveUntil: at.nullable(),
});

const watched = z.object({
  label: z.string(),
  release: digest,
  since: at,
  breaches: z
    .array(z.object({ clause: z.string(), group: z.string().nullable(), at, alert: z.string().nullable() }))
    .meta({ description: 'Clauses that do not hold now; alert: which said so, null where it was measured.' }),
  silentSince: at.nullable().meta({ description: 'Since when nothing is measured, beyond the limit.' }),
});

const candidate = z.object({
  label: z.string(),
  release: digest,
  step: z.string(),
  stepNumber: z.int(),
  steps: z.int(),
  phase: z.enum(['pending', 'exposing', 'soaking', 'verifying', 'accepting', 'rolled-back']),
});

const pilot = z.object({
  endsAt: at,
  people: z.int(),
  caps: z.array(z.object({ cap: z.string(), limit: z.number(), enforced: z.boolean() })),
});

const holders = Object.fromEntries(
  RIGHTS.map((right) => [right, z.union([person, z.array(person)]).exactOptional()]),
) as { [R in Right]: z.ZodExactOptional<z.ZodUnion<[typeof person, z.ZodArray<typeof person>]>> };
const offers = Object.fromEntries(RIGHTS.map((right) => [right, person.exactOptional()])) as {
  [R in Right]: z.ZodExactOptional<typeof person>;
};

const handover = z.object({
  right: z.enum(RIGHTS),
  from: person,
  why: z.enum(['left', 'lapsed']),
  since: at,
  due: at.nullable(),
});

const delegation = z.object({
  delegation: z.string(),
  from: person,
  to: z.array(person),
  authorities: z.array(z.string()),
  gates: z.array(z.string()),
  starts: at,
  ends: at,
  absence: z.boolean().meta({ description: 'Whether whoever gives it is away meanwhile.' }),
  began: z.boolean(),
});

export const lifecycleView = z
  .object({
    key: z.string(),
    title: z.string(),
    stage: z.enum(STAGES),
    mode: z.enum(MODES),
    facts: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    tier: z.object({ effective: z.enum(TIERS), computed: z.enum(TIERS), rule: z.string() }),
    team: z.string(),
    model: z.object({ name: z.string(), version: z.int(), digest }),
    version: z.int().meta({ description: 'Number of the last event; the ETag.' }),
    rights: z.object(holders),
    offers: z.object(offers),
    handovers: z.array(handover),
    delegations: z.array(delegation),
    delivery: delivery.nullable(),
    gates: z.array(gate),
    holds: z.array(hold),
    findings: z.array(finding),
    legalHold: z.object({ by: person, since: at }).nullable(),
    conditions: z.array(
      z.object({
        condition: z.string(),
        owner: person,
        due: at,
        beforeRelease: z.boolean(),
        overdue: z.boolean(),
      }),
    ),
    ...passes,
    remediations: z
      .array(z.object({ remediation: z.string(), evidence: z.string(), due: at, missed: z.boolean() }))
      .meta({ description: 'What a stricter operating model asks of what is exposed already.' }),
    serving: serving.nullable(),
    watched: z.array(watched).meta({ description: 'What people are exposed to, as the guard sees it.' }),
    candidate: candidate.nullable(),
    exposure: z.object({
      fence: z.int(),
      wanted: allocation,
      applied: z.union([allocation, z.literal('unknown')]),
    }),
    pilot: pilot.nullable(),
    waitingOn: z.array(waiting),
    allowedCommands: z.array(commandName),
    refused: z.partialRecord(commandName, reasons).meta({ description: 'Every other command, and why not.' }),
  })
  .meta({ id: 'Lifecycle', description: 'A lifecycle as one person sees it.' }) satisfies z.ZodType<
  Loose<LifecycleView>
>;

/** The view as it is read: with what the ledger knows of it, and where only the ledger could be asked, that it is old. */
export const shownLifecycle = lifecycleView
  .extend({
    ledger: z
      .object({
        recorded: z
          .int()
          .nullable()
          .meta({ description: 'Number of the last recorded event; null: unknown now.' }),
        behind: z
          .int()
          .nullable()
          .meta({ description: 'Events that are not recorded yet; null: unknown now.' }),
      })
      .exactOptional(),
    stale: z
      .literal(true)
      .exactOptional()
      .meta({ description: 'From the ledger, because the engine gave no answer: nothing is allowed by it.' }),
    asOf: at.exactOptional().meta({ description: 'Of a stale one: when its last recorded event happened.' }),
    because: z
      .string()
      .exactOptional()
      .meta({ description: 'Of a stale one: the code of what stood against a fresh one.' }),
  })
  .meta({
    id: 'ShownLifecycle',
    description: 'A lifecycle as one person sees it, as fresh as could be had.',
  });

/** The view as the answer to a command carries it. */
export const answeredView = lifecycleView.omit({ refused: true }).meta({
  id: 'Answered',
  description: 'A lifecycle right after a command; read it to see what else is refused, and why.',
});

/** Codes come from a newer workflow, too, so the surfaces take any. */
type Loose<T> = T extends { readonly code: string; readonly message: string }
  ? { readonly code: string; readonly message: string; readonly fact?: string }
  : T extends readonly (infer E)[]
    ? readonly Loose<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Loose<T[K]> }
      : T;
