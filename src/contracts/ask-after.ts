/** The one argument of the signal `ask-after`. The sandbox reads it, so nothing heavy is imported. */
import { z } from 'zod';
import { ASKED_AFTER_AT_ONCE } from '../domain/lifecycle/doubt.js';
import type { PersonId } from '../domain/vocabulary.js';
import { field } from './fields.js';

/** People of whom somebody says that they may be gone. */
export interface AskAfter {
  readonly people: readonly PersonId[];
}

const form = z.strictObject({
  people: z.array(field.personId).min(1).max(ASKED_AFTER_AT_ONCE),
}) satisfies z.ZodType<AskAfter>;

/** An argument that `ask-after` would accept. */
export const ASK_AFTER_EXAMPLE: AskAfter = { people: ['meera'] };

/** Whom a message asks after; undefined where it asks after nobody. */
export function parseAskAfter(message: unknown): AskAfter | undefined {
  return form.safeParse(message).data;
}
