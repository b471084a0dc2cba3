/** Bodies of the commands that move a delivery: submit, review, roll out, hold, roll back. */
import { z } from 'zod';
import { CAUSE_CLASSES, HOLD_EFFECTS } from '../../domain/vocabulary.js';
import { field, text } from '../fields.js';
import { body } from './body.js';

const nothing = z.strictObject({});
const scope = z
  .enum(['candidate', 'serving'])
  .default('candidate')
  .describe('What it is about: the release that is being rolled out, or the one that serves.');

export const DELIVERY_BODIES = Object.freeze({
  'submit-spec': body(z.strictObject({ version: z.int().min(1) }), { version: 2 }),
  'submit-for-review': body(nothing, {}),
  'start-rollout': body(nothing, {}),
  advance: body(nothing, {}),
  'accept-exposure': body(nothing, {}),
  hold: body(z.strictObject({ effect: z.enum(HOLD_EFFECTS), scope, reason: text('Why it has to stop.') }), {
    effect: 'review-all',
    scope: 'serving',
    reason: 'Complaints about wrong matches from one branch.',
  }),
  'lift-hold': body(
    z.strictObject({
      hold: field.id,
      causeClass: z.enum(CAUSE_CLASSES).exactOptional().describe('What was wrong; says where to go on from.'),
      rootCause: text('What led to it.').exactOptional(),
    }),
    { hold: 'h-1', causeClass: 'model', rootCause: 'The model was trained without the new card design.' },
  ),
  'stop-ship': body(z.strictObject({ scope, reason: text('Why everything has to stop.') }), {
    scope: 'serving',
    reason: 'Accounts were opened for people who had been refused.',
  }),
  'roll-back': body(z.strictObject({ reason: text('Why to go back.') }), {
    reason: 'The review rate doubled over night.',
  }),
});
