/** The brief: what a use case is for, in words. Kept as a document; the lifecycle knows its digest. */
import { z } from 'zod';

const words = z
  .string()
  .max(4_000)
  .refine((written) => written.trim() !== '', { error: 'say something; it must not be empty' });

/** Fields without which a brief is not complete, and scoping not left. */
const BRIEF_ESSENTIALS = ['summary', 'value', 'users'] as const;

export const briefForm = z.strictObject({
  summary: words.exactOptional().describe('What the use case does, for somebody who has never heard of it.'),
  value: words.exactOptional().describe('What it is worth, to whom, and how that will be seen.'),
  users: words.exactOptional().describe('Who uses it, and who is affected by it.'),
  workflow: words.exactOptional().describe('The business workflow it is a part of.'),
  alternatives: words.exactOptional().describe('What else was considered.'),
  notes: words.exactOptional(),
});

export type Brief = z.output<typeof briefForm>;

/** The essential fields that a brief says nothing about. */
export function missingOf(brief: Brief): string[] {
  return BRIEF_ESSENTIALS.filter((name) => brief[name] === undefined);
}
