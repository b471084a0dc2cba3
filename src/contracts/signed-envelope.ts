/** `POST /v1/envelopes`: what is asked for, and what is answered. */
import { z } from 'zod';
import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../domain/commands/table.js';
import { field } from './fields.js';

const SIGNALS = COMMAND_NAMES.filter((name) => COMMANDS[name].signal) as [CommandName, ...CommandName[]];

export const envelopeRequest = z
  .strictObject({
    lifecycle: field.lifecycleKey,
    command: z.enum(SIGNALS).meta({ description: 'One of the commands that are signals as well.' }),
    body: z.json().meta({ description: 'The body that the command itself would take.' }),
  })
  .meta({
    id: 'EnvelopeRequest',
    example: {
      lifecycle: 'kyc-onboarding',
      command: 'stop-ship',
      body: { scope: 'serving', reason: 'It promises waivers.' },
    },
  });

export const signedEnvelope = z
  .object({
    workflowId: z.string().meta({ description: 'Where the signal goes.' }),
    signal: z.string().meta({ description: 'Its name.' }),
    argument: z.json().meta({ description: 'Its one argument, with the proof that it is the API’s.' }),
    expires: z.iso.datetime().nullable().meta({
      description:
        'From then on it is not believed any more; null where nobody asks for proof (trust `dev`).',
    }),
  })
  .meta({ id: 'SignedEnvelope', description: 'Believed once, for this lifecycle and this command alone.' });
