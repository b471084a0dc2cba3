/** Bodies of the commands of those who watch over it: auditors, and the owners whom they ask. */
import { z } from 'zod';
import { field, text } from '../fields.js';
import { body } from './body.js';

export const OVERSIGHT_BODIES = Object.freeze({
  'ratify-finding': body(
    z.strictObject({ finding: field.findingId, reason: text('Why it may stand as it is.') }),
    {
      finding: `finding/kyc-onboarding/${'7c'.repeat(16)}`,
      reason: 'The reset was agreed with us, and nothing that it cut off had been decided.',
    },
  ),
  'set-legal-hold': body(
    z.strictObject({
      on: z.boolean().describe('Whether everything is to be kept from now on, or no longer.'),
      reason: text('Who asked for it, and why.'),
    }),
    { on: true, reason: 'The supervisor asked for everything about case 2027-118.' },
  ),
});
