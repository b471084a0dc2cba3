/** Bodies of the commands of live operation: changes, the end of a pilot, retirement. */
import { z } from 'zod';
import { DRILL_KINDS } from '../../domain/vocabulary.js';
import { field, instant, text } from '../fields.js';
import { body } from './body.js';

const skipped = z.strictObject({
  item: z.string().min(1).max(80).describe('What the pilot rules let it skip, as the view lists it.'),
  due: instant('By when it is made up for.'),
});

export const LIVE_BODIES = Object.freeze({
  'report-breach': body(
    z.strictObject({
      clause: field.id.describe('The clause of the spec.'),
      group: z
        .string()
        .min(1)
        .max(80)
        .describe('The group it is judged by; left out: all cases.')
        .exactOptional(),
      status: z.enum(['firing', 'resolved']),
      release: field.id
        .describe('How the release is called, such as r1; left out: what serves.')
        .exactOptional(),
      startsAt: instant('Since when it is so; with the alert it names this firing, which counts once.'),
      alert: field.id.describe('What names the alert where it comes from.'),
      value: z.number().nullable().describe('What was measured, where that is known.'),
    }),
    {
      clause: 'c2',
      status: 'firing',
      release: 'r1',
      startsAt: '2027-03-01T09:00:00+05:30',
      alert: '4f2a9c1d77e0b3a5',
      value: 0.0013,
    },
  ),
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
  'record-drill': body(
    z.strictObject({
      drill: z.enum(DRILL_KINDS),
      heldAt: instant('When the order was given.'),
      seconds: z.number().min(0).max(604_800).describe('From the order to the target’s read-back.'),
      worked: z.boolean().describe('Whether people were served as they should be, during and afterwards.'),
      report: text('What was done, what was seen, and what follows.'),
    }),
    {
      drill: 'rollback',
      heldAt: '2027-03-02T10:00:00+05:30',
      seconds: 1.4,
      worked: true,
      report: 'Went back from r3 to r2 in rehearsal; the desk saw no case twice.',
    },
  ),
  'note-vendor-end': body(
    z.strictObject({
      release: field.id.describe('Label of the release, such as r1.'),
      until: instant('Until when its vendor’s endpoint answers; left out: no end is known.').exactOptional(),
    }),
    { release: 'r1', until: '2027-06-30T00:00:00Z' },
  ),
  retire: body(
    z.strictObject({
      reason: text('Why it is no longer needed.'),
      dependants: z.array(z.string().min(1).max(120)).max(100).describe('Who relies on it, and was asked.'),
    }),
    { reason: 'Replaced by the new onboarding.', dependants: ['use-case:customer-master'] },
  ),
});
