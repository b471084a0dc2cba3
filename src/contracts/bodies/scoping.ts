/** Bodies of the commands that settle what the use case is, who answers for it, and how risky it is. */
import { z } from 'zod';
import { field, text } from '../fields.js';
import { body } from './body.js';

const nothing = z.strictObject({});

export const SCOPING_BODIES = Object.freeze({
  'assign-right': body(z.strictObject({ right: field.right, person: field.personId }), {
    right: 'operatingOwner',
    person: 'meera',
  }),
  'accept-handover': body(z.strictObject({ right: field.right }), { right: 'operatingOwner' }),
  'assess-risk': body(z.strictObject({ facts: field.facts }), {
    facts: { effect: 'recommends', autonomy: 'after-approval', where: ['India-RBI'] },
  }),
  'override-tier': body(
    z.strictObject({
      tier: z.enum(['low', 'medium', 'high']),
      reason: text('Why the milder tier is right.'),
    }),
    { tier: 'medium', reason: 'The income that relies on it was counted twice.' },
  ),
  park: body(z.strictObject({ reason: text('Why it is set aside.') }), {
    reason: 'The vendor contract is being renewed.',
  }),
  resume: body(nothing, {}),
  cancel: body(z.strictObject({ reason: text('Why it ends.') }), { reason: 'The value case did not hold.' }),
});
