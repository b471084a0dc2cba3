/** Keys of machines, as they are asked for and shown. */
import { z } from 'zod';
import { PERMISSIONS } from './actions.js';
import { field, instant } from './fields.js';

const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });

/** Days that a key is good for at most, and where nothing else is said. */
export const KEY_DAYS = { most: 366, unsaid: 90 } as const;

export const newApiKeyForm = z.strictObject({
  person: field.personId.describe('The machine: somebody of the directory with the role `machine`.'),
  label: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'write lower-case words joined by hyphens' })
    .describe('What you call the key, such as build-server.'),
  scopes: z
    .array(z.enum(PERMISSIONS))
    .min(1)
    .max(PERMISSIONS.length)
    .describe('Commands and actions that it opens, and no others.'),
  expiresAt: instant(
    `When it ends, at most ${KEY_DAYS.most} days away; ${KEY_DAYS.unsaid} days if left out.`,
  ).exactOptional(),
});

export const NEW_API_KEY_EXAMPLE: z.input<typeof newApiKeyForm> = {
  person: 'ci',
  label: 'build-server',
  scopes: ['add-evidence', 'register-release'],
};

export const apiKeyAnswer = z
  .object({
    id: z.string(),
    person: z.string(),
    label: z.string(),
    scopes: z.array(z.string()).nullable(),
    createdAt: at,
    createdBy: z.string(),
    expiresAt: at,
    lastUsedAt: at.nullable().meta({ description: 'To the minute; null: never.' }),
    revokedAt: at.nullable(),
    revokedBy: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

export const madeApiKey = z
  .object({
    key: apiKeyAnswer,
    token: z.string().meta({ description: 'What the machine sends. It is shown here and never again.' }),
  })
  .meta({ id: 'MadeApiKey' });

export const apiKeyList = z.object({ items: z.array(apiKeyAnswer) }).meta({ id: 'ApiKeys' });
export const apiKeysQuery = z.strictObject({
  person: field.personId.optional().describe('Only those of this machine.'),
});
