/** Bodies of the commands at gates. */
import { z } from 'zod';
import { DECISIONS } from '../../domain/vocabulary.js';
import { field, instant, text } from '../fields.js';
import { body } from './body.js';

const condition = z.strictObject({
  text: text('What has to be done.', 2_000),
  owner: field.personId.describe('Who answers for it.'),
  due: instant('Unmet by then, the release it is attached to is held.'),
  beforeRelease: z.boolean().describe('Whether it must be met before anything is exposed.'),
  statutory: z.boolean().exactOptional().describe('Whether the date is set by law.'),
});

const decide = z
  .strictObject({
    gate: field.id.describe('Id of the open gate, from the view.'),
    generation: z.int().min(1).describe('Opening of the gate that you decide on.'),
    subject: field.digest.describe('What you decide on; a decision on anything older is refused.'),
    seat: field.id.exactOptional().describe('The seat to fill; left out, it is found by matching.'),
    for: field.personId
      .exactOptional()
      .describe('In whose name, for somebody who decides for others; left out, it is found by matching.'),
    decision: z.enum(DECISIONS),
    comment: text('For the others at this gate.').exactOptional(),
    conditions: z.array(condition).min(1).max(20).exactOptional(),
    clauses: z.array(field.id).max(100).exactOptional().describe('Clauses of the spec that have to change.'),
  })
  .superRefine(({ decision, conditions, comment, clauses }, context) => {
    const report = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (decision === 'approve-with-conditions' && conditions === undefined) {
      report('conditions', 'name at least one condition, or decide approve');
    }
    if (decision !== 'approve-with-conditions' && conditions !== undefined) {
      report('conditions', 'only approve-with-conditions carries conditions; remove them or decide that');
    }
    if (decision === 'request-changes' && comment === undefined && (clauses ?? []).length === 0) {
      report('clauses', 'name the clauses that have to change, or say in a comment what has to');
    }
  });

export const GATE_BODIES = Object.freeze({
  'open-gate': body(z.strictObject({ gate: z.enum(['scoping', 'start']) }), { gate: 'scoping' }),
  decide: body(decide, {
    gate: 'specification',
    generation: 1,
    subject: `sha256:${'5f'.repeat(32)}`,
    decision: 'request-changes',
    comment: 'One false accept in two thousand is the most that we can carry.',
    clauses: ['c2'],
  }),
  'retract-decision': body(z.strictObject({ gate: field.id }), { gate: 'specification' }),
  'withdraw-gate': body(z.strictObject({ gate: field.id, reason: text('Why it closes undecided.') }), {
    gate: 'scoping',
    reason: 'Opened before the operating owner was known.',
  }),
  comment: body(z.strictObject({ gate: field.id, comment: text('For everybody at this gate.') }), {
    gate: 'readiness',
    comment: 'The runbook names the old desk.',
  }),
  'fulfil-condition': body(z.strictObject({ condition: field.id }), { condition: 'c-1' }),
});
