/** Bodies of the commands for what stands against going forward, and for what two people pass in spite of it. */
import { z } from 'zod';
import { CONFLICT_SIDES } from '../../domain/governance/conflict.js';
import { field, instant, text } from '../fields.js';
import { body } from './body.js';

const glass = z
  .strictObject({
    gate: field.id.exactOptional().describe('The gate whose missing approval is passed.'),
    subject: field.digest.exactOptional().describe('What is up for decision there, and passes.'),
    freeze: z.string().min(1).max(80).exactOptional().describe('The freeze that is passed, by its name.'),
    until: instant('From then on it passes nothing any more.'),
    reason: text('What cannot wait, and why.'),
  })
  .superRefine(({ gate, subject, freeze }, context) => {
    const report = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if ((gate === undefined) === (freeze === undefined))
      report('gate', 'name a gate or a freeze, one of them');
    if (gate !== undefined && subject === undefined) report('subject', 'say what is to pass at the gate');
    if (gate === undefined && subject !== undefined)
      report('subject', 'a freeze has no subject; leave it out');
  });

export const PASS_BODIES = Object.freeze({
  'raise-conflict': body(
    z.strictObject({
      gate: field.id.exactOptional().describe('What it is about; left out, everything that moves forward.'),
      reason: text('What goes too fast, and what it would cost to wait.'),
    }),
    { gate: 'readiness', reason: 'The desk has nobody for the reviews before Monday.' },
  ),
  'resolve-conflict': body(
    z.strictObject({
      conflict: field.id.describe('Id of the conflict, from the view.'),
      side: z.enum(CONFLICT_SIDES).describe('Whether it goes forward, or the stricter side stands.'),
      reason: text('Why that side stands.'),
    }),
    { conflict: 'conflict-1', side: 'forward', reason: 'Two people of the other desk help until Friday.' },
  ),
  'break-glass': body(glass, {
    freeze: 'closing of the books',
    until: '2027-07-21T18:00:00+05:30',
    reason: 'The running version sends reminders to people who have paid.',
  }),
  'grant-exception': body(
    z.strictObject({
      control: z
        .string()
        .min(1)
        .max(80)
        .describe('The unmet control, such as evidence:vendor-review or queue-load.'),
      until: instant('From then on it has to be met.'),
      reason: text('Why it may be passed for a time.'),
    }),
    {
      control: 'evidence:vendor-review',
      until: '2027-01-15T18:00:00+05:30',
      reason: 'The vendor answers in the first week of January.',
    },
  ),
});
