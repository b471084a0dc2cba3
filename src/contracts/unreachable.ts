/** The one argument of the signal `report-unreachable`. The sandbox reads it, so nothing heavy is imported. */
import { z } from 'zod';
import type { Unreached } from '../domain/lifecycle/state.js';
import { field } from './fields.js';

const form = z.strictObject({
  notice: field.id,
  person: field.personId,
  gate: field.id.nullable(),
}) satisfies z.ZodType<Unreached>;

/** An argument that `report-unreachable` would accept. */
export const UNREACHABLE_EXAMPLE: Unreached = { notice: 'n3', person: 'gita', gate: 'readiness' };

/** What a message says of somebody who cannot be reached; undefined where it says nothing of the kind. */
export function parseUnreachable(message: unknown): Unreached | undefined {
  return form.safeParse(message).data;
}
