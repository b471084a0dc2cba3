/** What the API answers about the recorded things of one lifecycle: specs, evidence, releases, and the ledger itself. */
import { z } from 'zod';

const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });
const digest = z.string().meta({ description: 'sha256: and 64 hexadecimal digits.' });
const person = z.string().meta({ description: 'Id of a person.' });
const nextCursor = z.string().nullable();

const specItem = z.object({
  version: z.int(),
  digest,
  author: person,
  draftedAt: at,
  missing: z.array(z.string()).meta({ description: 'What its mode and tier require and it lacks.' }),
  submittedBy: person.nullable(),
  submittedAt: at.nullable().meta({ description: 'When it was last submitted, and so frozen; null: never.' }),
});
export type SpecItem = z.output<typeof specItem>;

export const specList = z
  .object({ items: z.array(specItem) })
  .meta({ id: 'Specs', description: 'Every version, oldest first.' });
export const specAnswer = specItem
  .extend({ spec: z.json().meta({ description: 'The whole spec, as it was drafted.' }) })
  .meta({ id: 'SpecVersion' });

const clauseChange = z.object({
  clause: z.string(),
  section: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  before: z.json().nullable(),
  after: z.json().nullable(),
  words: z.string().meta({ description: 'What is different, for whoever approves it.' }),
  effect: z.enum(['stricter', 'looser', 'mixed', 'neither']).meta({
    description: 'Whether the change asks for more than before, as far as numbers and lists say it.',
  }),
});
export type ClauseChange = z.output<typeof clauseChange>;

export const specDiffAnswer = z
  .object({
    from: z.object({ version: z.int(), digest }),
    to: z.object({ version: z.int(), digest }),
    changes: z.array(clauseChange),
  })
  .meta({ id: 'SpecDiff', description: 'By clause id; empty where the two say the same.' });
export type SpecDiffAnswer = z.output<typeof specDiffAnswer>;

const evidenceItem = z.object({
  id: z.string(),
  kind: z.string(),
  digest,
  producer: person,
  independent: z.boolean(),
  collectedAt: at,
  addedAt: at,
  addedBy: person.nullable(),
  about: z.array(digest),
  verdicts: z.array(
    z.object({
      clause: z.string(),
      met: z.boolean(),
      measured: z
        .object({
          result: z.string().meta({ description: 'Its name in the evidence.' }),
          value: z.number().nullable(),
          n: z.number().nullable().meta({ description: 'Samples behind it; null: not stated.' }),
          op: z.enum(['<=', '>=']),
          limit: z.number(),
          minimum: z.number().meta({ description: 'Samples it needs.' }),
        })
        .exactOptional()
        .meta({ description: 'What was judged; of groups the one that stands worst.' }),
    }),
  ),
});
export type EvidenceItem = z.output<typeof evidenceItem>;

export const evidenceList = z
  .object({ items: z.array(evidenceItem), nextCursor })
  .meta({ id: 'EvidenceList', description: 'All that was ever added, oldest first.' });
const releaseItem = z.object({
  label: z.string(),
  digest,
  changedSections: z.array(z.string()),
  registeredBy: person,
  registeredAt: at,
  materiality: z.string().nullable(),
  servedAt: at.nullable().meta({ description: 'When it first served; null: never.' }),
  rolledBackAt: at.nullable(),
});
export type ReleaseItem = z.output<typeof releaseItem>;

export const releaseList = z
  .object({ items: z.array(releaseItem) })
  .meta({ id: 'Releases', description: 'All that were registered, oldest first.' });

export const checkpointForm = z
  .object({
    number: z.int(),
    at,
    chains: z.int(),
    entries: z.int(),
    format: z.string(),
    root: z.string(),
    previous: z.string().nullable(),
    signatures: z.array(z.object({ key: z.string(), signature: z.string() })),
  })
  .meta({ id: 'Checkpoint', description: 'A signed Merkle root over the heads of all chains.' });
export type Checkpoint = z.output<typeof checkpointForm>;

export const checkpointList = z
  .object({ items: z.array(checkpointForm), nextCursor })
  .meta({ id: 'Checkpoints', description: 'Oldest first.' });

export const ledgerReport = z
  .object({
    ok: z.boolean(),
    chains: z.int(),
    entries: z.int(),
    checkpoints: z.int(),
    problems: z.array(
      z.object({
        code: z.string(),
        chain: z.string().nullable(),
        position: z.int().nullable(),
        message: z.string(),
      }),
    ),
  })
  .meta({
    id: 'LedgerReport',
    description: 'Whether every entry is what was recorded; else where not, and why.',
  });
export type LedgerReport = z.output<typeof ledgerReport>;
