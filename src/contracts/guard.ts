/** What a system asks the decision-time guard before it acts, and what it is answered. */
import { z } from 'zod';
import { GUARD_REASONS, type GuardReason, type ProposedAction } from '../domain/guard/judge.js';
import { GUARD_VERDICTS } from '../domain/guard/rules.js';
import { ITEM_STATUSES } from '../domain/operations/item.js';
import { field } from './fields.js';

const name = z.string().min(1).max(500);

/** `POST /v1/guard/{key}/check`. */
export const guardCheckBody = z
  .strictObject({
    action: name.describe('What is to be done, as a clause of the spec calls it, or the id of that clause.'),
    case: field.caseReference.describe(
      'Your reference to the case, without a word about whom it is of: it cannot be erased.',
    ),
    person: z
      .string()
      .min(1)
      .max(200)
      .exactOptional()
      .describe('Pseudonym of whom it is about; pilots are limited to a number of people.'),
    release: z
      .string()
      .min(1)
      .max(80)
      .exactOptional()
      .describe('Label or digest of the release that acts; left out, all that are exposed count.'),
    amount: z.number().min(0).exactOptional().describe('What it amounts to, in the unit of the limit.'),
    measures: z
      .record(z.string().min(1).max(64), z.number())
      .refine((all) => Object.keys(all).length <= 50, { error: 'give at most 50 measures' })
      .exactOptional()
      .describe('What was measured of this case, by metric.'),
    flags: z
      .array(name)
      .max(50)
      .exactOptional()
      .describe('Flags of the spec that are up, and what the action does beside.'),
    output: z
      .record(z.string().max(120), z.json())
      .exactOptional()
      .describe('What is about to be said or sent, by field; it is judged and not kept.'),
    item: field.itemId
      .exactOptional()
      .describe('The item under which this very action was approved; with it the approval is used.'),
  })
  .meta({
    id: 'GuardCheck',
    example: { action: 'clear', case: 'case-7f3a91', release: 'r2', measures: { 'match-score': 0.97 } },
  });

export type GuardCheck = ProposedAction & { readonly item?: string };

export const guardCheckAnswer = z
  .object({
    verdict: z.enum(GUARD_VERDICTS),
    clause: z.string().nullable().meta({ description: 'The clause that decided; null: no clause did.' }),
    why: z.enum(GUARD_REASONS),
    says: z.string().meta({ description: 'The same as a sentence.' }),
    action: z.string().nullable().meta({
      description: 'Digest of the action that an approval is bound to; null where none is asked for.',
    }),
    item: z
      .object({ item: z.string(), status: z.enum(ITEM_STATUSES).nullable() })
      .nullable()
      .meta({ description: 'The item that a person decides, or whose approval was used.' }),
    whenUnknown: z
      .enum(GUARD_VERDICTS)
      .nullable()
      .meta({ description: 'What the spec says where the guard cannot know; null: no spec is known.' }),
  })
  .meta({ id: 'GuardAnswer' });

export type GuardAnswer = z.output<typeof guardCheckAnswer>;

/** What each reason means, with what to do. */
export const GUARD_SAYS: { readonly [R in GuardReason]: string } = {
  permitted: 'the spec permits it',
  approved: 'a person approved this very action; the approval is used now',
  forbidden: 'the spec forbids it',
  'not-permitted': 'no clause of the spec permits such an action; name it as the spec does',
  'over-limit': 'it amounts to more than the clause permits',
  'amount-missing': 'the clause has a limit; send the amount',
  'wrong-shape': 'the output does not have the shape that the clause accepts',
  'to-person': 'the spec sends such a case to a person',
  'measure-missing': 'whether a person decides depends on a measure that was not sent; send it',
  'review-all': 'a hold sends every case to a person',
  sampled: 'it is one of those that a person looks at',
  stopped: 'a hold stops everything; the manual fallback serves',
  'not-exposed': 'no such release is exposed; ask for the one that serves',
  shadow: 'the release is in a shadow: its answers reach nobody',
  'cap-reached': 'the pilot has reached its people or cases',
  'person-missing': 'the pilot is limited to a number of people; send the pseudonym of whom it is about',
  'item-refused': 'the item does not allow this action, or not any more',
  'out-of-date': 'what holds now is not known here; the default of the spec is answered',
  'rules-unknown': 'the spec of what is exposed cannot be read here yet',
  'caps-unknown': 'how much of its people and cases the pilot has used is not known here',
  'item-unknown': 'no item could be opened or used for it; repeat the request',
};
