/** What is asked of lists and what they answer, for the API's parser, the OpenAPI document and the command line. */
import { z } from 'zod';
import { MODES, RIGHTS, type Right, STAGES, TIERS } from '../domain/vocabulary.js';
import { field } from './fields.js';

export { MODES, STAGES, TIERS };

const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });
const person = z.string().meta({ description: 'Id of a person.' });

const pageSize = z.coerce
  .number<string>()
  .int()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: '50 if left out.' });
const cursor = z.string().max(400).optional().meta({ description: '`nextCursor` of the page before.' });

export const lifecycleQuery = z.strictObject({
  stage: z.enum(STAGES).optional(),
  mode: z.enum(MODES).optional(),
  tier: z.enum(TIERS).optional().meta({ description: 'The tier in effect.' }),
  team: z.string().max(64).optional(),
  owner: field.personId.optional().meta({ description: 'Whoever holds one of its decision rights.' }),
  waitingOn: z.string().max(80).optional().meta({
    description: 'A seat such as readiness:risk, a function such as risk, or a person who can act.',
  }),
  held: z
    .enum(['true', 'false'])
    .transform((written) => written === 'true')
    .optional()
    .meta({ description: 'Whether a hold stands against it.' }),
  q: z.string().max(100).optional().meta({ description: 'Words of the key or title.' }),
  sort: z
    .enum(['due', 'key', 'updated', 'opened'])
    .optional()
    .meta({ description: 'due: soonest due first, the default; updated and opened: the last one first.' }),
  cursor,
  limit: pageSize,
});

export const inboxQuery = z.strictObject({ limit: pageSize });
export const pageQuery = z.strictObject({ cursor, limit: pageSize });
export const noQuery = z.strictObject({});
export const eventsQuery = z.strictObject({
  cursor: cursor.describe('`position` of the last entry that you have; `Last-Event-ID` says the same.'),
});
export const alertingQuery = z.strictObject({
  release: z
    .string()
    .regex(/^r[1-9]\d{0,5}$/, { error: 'write the label of a release, such as r1' })
    .optional()
    .meta({ description: 'Label of the release to watch; left out: what serves, else the one on its way.' }),
});
export const routeQuery = z.strictObject({
  whatIf: z
    .array(z.string().max(100))
    .max(10)
    .optional()
    .meta({
      description: 'Assumptions, repeatable: `without=money`, `second=risk`.',
      example: ['without=money'],
    }),
});
export const exportQuery = z.strictObject({
  lifecycle: field.lifecycleKey.optional().describe('Only this one; left out: all of the ledger.'),
});

const owners = Object.fromEntries(
  RIGHTS.map((right) => [right, z.union([person, z.array(person)]).exactOptional()]),
) as { [R in Right]: z.ZodExactOptional<z.ZodUnion<[typeof person, z.ZodArray<typeof person>]>> };

const lifecycleRow = z
  .object({
    key: z.string(),
    title: z.string(),
    stage: z.enum(STAGES),
    mode: z.enum(MODES),
    tier: z.enum(TIERS),
    team: z.string(),
    release: z.string().nullable().meta({ description: 'What serves; null: the fallback.' }),
    waitingOn: z.array(z.string()),
    nextDue: at.nullable(),
    held: z.boolean(),
    exposure: z.number().nullable().meta({ description: 'Percent exposed; null: unknown until read back.' }),
    owners: z.object(owners),
    openedAt: at,
    updatedAt: at,
    version: z.int(),
  })
  .meta({ id: 'LifecycleRow' });

export const lifecycleList = z
  .object({ items: z.array(lifecycleRow), nextCursor: z.string().nullable() })
  .meta({ id: 'Lifecycles', description: 'From the ledger: what is not recorded yet is not in it.' });

const inboxItem = z
  .object({
    key: z.string(),
    title: z.string(),
    stage: z.enum(STAGES),
    tier: z.enum(TIERS),
    team: z.string(),
    kind: z.enum(['seat', 'right', 'activity', 'deadline', 'item']),
    who: z.string().meta({ description: 'In what capacity you are asked, such as readiness:risk.' }),
    people: z.array(person).meta({ description: 'Everybody who can do it; one of you is enough.' }),
    what: z.string(),
    gate: z.string().nullable(),
    due: at.nullable(),
  })
  .meta({ id: 'InboxItem' });

export const inboxAnswer = z
  .object({
    items: z.array(inboxItem),
    more: z.boolean().meta({ description: 'Whether some were left out.' }),
  })
  .meta({ id: 'Inbox', description: 'What waits on you, soonest due first, what has no due time last.' });

const count = z.int();
export const portfolioAnswer = z
  .object({
    open: count,
    held: count,
    overdue: count,
    byStage: z.array(z.object({ stage: z.enum(STAGES), count, oldest: at })),
    byTier: z.array(z.object({ tier: z.enum(TIERS), count })),
    byMode: z.array(z.object({ mode: z.enum(MODES), count })),
    byTeam: z.array(z.object({ team: z.string(), count })),
    items: z
      .object({ open: count, late: count })
      .meta({ description: 'Exception items that nobody has decided, and of those the late ones.' }),
  })
  .meta({ id: 'Portfolio', description: 'Counts of open lifecycles, and when the oldest of a stage began.' });
