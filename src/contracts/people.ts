/** What is on record about somebody, as auditors are shown it. */
import { z } from 'zod';
import { BUSINESS_FUNCTIONS } from '../domain/vocabulary.js';

const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });

const recorded = {
  source: z.string().meta({ description: 'Who says so: `people-file`, or an issuer.' }),
  recordedFrom: at,
  recordedUntil: at.nullable().meta({ description: 'null: it still is so.' }),
};
const span = { from: at, until: at };

export const personHistory = z
  .object({
    person: z.string(),
    held: z.array(
      z.object({
        ...recorded,
        functions: z.array(z.enum(BUSINESS_FUNCTIONS)),
        teams: z.array(z.string()),
        roles: z.array(z.string()),
        active: z.boolean(),
      }),
    ),
    credentials: z.array(z.object({ ...recorded, issuer: z.string(), subject: z.string() })),
    absences: z.array(z.object({ ...recorded, ...span })),
    delegations: z.array(
      z.object({ ...recorded, ...span, to: z.string(), gates: z.array(z.string()).nullable() }),
    ),
  })
  .meta({ id: 'PersonHistory', description: 'Each list oldest first; names are not in it.' });
