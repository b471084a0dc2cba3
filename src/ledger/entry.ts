import { z } from 'zod';
import type { LedgerEntry } from '../ports/ledger.js';

const entryForm = z.strictObject({
  id: z.string(),
  lifecycle: z.string(),
  kind: z.enum(['event', 'refusal']),
  seq: z.int().positive().nullable(),
  at: z.number(),
  type: z.string(),
  by: z.string().nullable(),
  command: z.string().nullable(),
  data: z.json(),
}) satisfies z.ZodType<LedgerEntry>;

/** Reads one line of a journal; throws where it is no entry. */
export function parseEntry(line: string): LedgerEntry {
  return entryForm.parse(JSON.parse(line));
}
