/** Bodies of the commands by which people let others decide for them. */
import { z } from 'zod';
import { BUSINESS_FUNCTIONS, GATE_NAMES, RIGHTS } from '../../domain/vocabulary.js';
import { field, instant } from '../fields.js';
import { body } from './body.js';

const ends = instant('When it ends by itself; it can be taken back before.');
const starts = instant('From when it holds; left out, from now.').exactOptional();

export const DELEGATION_BODIES = Object.freeze({
  delegate: body(
    z.strictObject({
      to: field.personId.describe('Who decides for you: of the team, and not excluded where it counts.'),
      authorities: z
        .array(z.enum([...BUSINESS_FUNCTIONS, ...RIGHTS]))
        .min(1)
        .max(12)
        .describe('As what they decide: functions or rights that you hold.'),
      gates: z.array(z.enum(GATE_NAMES)).min(1).max(20).describe('The gates at which they do.'),
      starts,
      ends,
    }),
    {
      to: 'lata',
      authorities: ['governance'],
      gates: ['specification', 'readiness'],
      ends: '2027-03-12T18:00:00+05:30',
    },
  ),
  'set-absence': body(
    z.strictObject({
      standIns: z
        .array(field.personId)
        .max(5)
        .describe('Who decides for you: the first who is there and not excluded.'),
      starts,
      ends,
    }),
    { standIns: ['lata', 'vikram'], ends: '2027-03-12T18:00:00+05:30' },
  ),
  'withdraw-delegation': body(
    z.strictObject({ delegation: field.id.describe('Id of the delegation or absence, from the view.') }),
    { delegation: 'd1' },
  ),
});
