/** Bodies of the commands of live operation: changes, the end of a pilot, retirement. */
import { z } from 'zod';
import { field, instant, text } from '../fields.js';
import { body } from './body.js';

const skipped = z.strictObject({
  item: z.string().min(1).max(80).describe('What the pilot rules let it skip, as the view lists it.'),
  due: instant('By when it is made up for.'),
});

export const LIVE_BODIES = Object.freeze({
  'withdraw-change': body(z.strictObject({ change: field.id, reason: text('Why it is withdrawn.') }), {
    change: 'change-2',
    reason: 'Superseded by the new cut-off policy.',
  }),
  'override-materiality': body(
    z.strictObject({ materiality: z.enum(['minor', 'material']), reason: text('Why it counts as that.') }),
    { materiality: 'material', reason: 'The wording is close to a promise.' },
  ),
  'promote-to-governed': body(
    z.strictObject({ skipped: z.array(skipped).max(100), reason: text('Why the pilot is ready.') }),
    {
      skipped: [{ item: 'evidence:eval', due: '2027-03-31T18:00:00+05:30' }],
      reason: 'Two months within its caps without a complaint.',
    },
  ),
  'extend-pilot': body(
    z.strictObject({ endsAt: instant('The new end of the time box.'), reason: text('Why it needs longer.') }),
    { endsAt: '2027-02-28T18:00:00+05:30', reason: 'Too few cases over the holidays.' },
  ),
  'end-pilot': body(z.strictObject({ reason: text('Why it ends.') }), {
    reason: 'Its question is answered.',
  }),
  retire: body(
    z.strictObject({
      reason: text('Why it is no longer needed.'),
      dependants: z.array(z.string().min(1).max(120)).max(100).describe('Who relies on it, and was asked.'),
    }),
    { reason: 'Replaced by the new onboarding.', dependants: ['use-case:customer-master'] },
  ),
});
