/** What the API answers beside the view, for the OpenAPI document. */
import { z } from 'zod';
import { TIERS } from '../domain/vocabulary.js';
import { reasonForm } from './problem.js';
import { answeredView } from './view.js';

const ENTRY_KINDS = [
  'event',
  'refusal',
  'read',
  'export',
  'policy',
  'finding',
  'erasure',
  'key',
  'item',
] as const;

const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });

export const commandAnswer = z
  .object({
    events: z
      .array(z.string())
      .meta({ description: 'Ledger ids of what it caused.', example: ['lifecycle/kyc-onboarding/7'] }),
    replayed: z
      .boolean()
      .meta({ description: 'Whether it had been accepted before, under the same Idempotency-Key.' }),
    lifecycle: answeredView,
  })
  .meta({ id: 'Accepted', description: 'The command was accepted; the lifecycle as it is now.' });

export const handedOver = z
  .object({
    accepted: z.literal(true),
    lifecycle: z.string(),
    command: z.string(),
    id: z.string().meta({ description: 'Command id, the same for a repetition.' }),
  })
  .meta({ id: 'HandedOver', description: 'Durable, and carried out as soon as a worker is there.' });

export const ledgerEntry = z
  .object({
    id: z.string(),
    lifecycle: z.string().nullable(),
    kind: z.enum(ENTRY_KINDS),
    seq: z.int().nullable(),
    at,
    type: z.string(),
    by: z.string().nullable(),
    command: z.string().nullable(),
    data: z.unknown(),
    position: z.int().meta({ description: 'In its chain; as a cursor, what is behind this entry.' }),
    hash: z.string().meta({
      description: 'SHA-256 over the hash before it and its RFC 8785 form without position and hash.',
    }),
  })
  .meta({ id: 'LedgerEntry' });

export const timelinePage = z
  .object({ items: z.array(ledgerEntry), nextCursor: z.string().nullable() })
  .meta({ id: 'Timeline', description: 'Ledger entries, oldest first.' });

const leg = z.object({
  leg: z.string(),
  from: at,
  until: at,
  seats: z.array(z.object({ seat: z.string(), people: z.array(z.string()) })),
  why: z.string(),
});

export const routeAnswer = z
  .object({
    live: at.nullable().meta({ description: 'null: never, while what is missing stays missing.' }),
    tier: z.enum(TIERS),
    path: z.array(leg),
    missing: z.array(reasonForm),
    whatIf: z.array(
      z.object({
        whatIf: z.record(z.string(), z.string()),
        tier: z.enum(TIERS),
        live: at.nullable(),
        earlierByMs: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'Route', description: 'Earliest honest go-live, critical path, what is missing.' });

export const operatingModelList = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        version: z.number(),
        digest: z.string(),
        demo: z.boolean(),
        timeScale: z.number(),
        facts: z.array(
          z.object({
            id: z.string(),
            question: z.string(),
            type: z.enum(['scale', 'kind', 'several']),
            answers: z.array(z.string()),
          }),
        ),
        publishedAt: at.nullable().meta({ description: 'null: it ships.' }),
      }),
    ),
    proposals: z.array(
      z.object({ name: z.string(), version: z.int(), digest: z.string(), proposer: z.string(), at }),
    ),
    unusable: z.array(z.object({ file: z.string(), problems: z.array(z.string()) })),
  })
  .meta({ id: 'OperatingModels' });

export const devTokenAnswer = z.object({ person: z.string(), token: z.string() });
export const healthAnswer = z.object({ status: z.literal('ok') });
export const readyAnswer = z.object({
  ready: z.boolean(),
  temporal: z.enum(['ok', 'unavailable']),
  ledger: z.enum(['ok', 'unavailable']),
});
