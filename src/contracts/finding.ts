/** The one argument of the signal `report-finding`. The sandbox reads it, so nothing heavy is imported. */
import { z } from 'zod';
import type { ReportedFinding } from '../domain/governance/finding.js';
import { FINDING_KINDS } from '../domain/vocabulary.js';
import { field } from './fields.js';

const form = z.strictObject({
  id: field.findingId,
  kind: z.enum(FINDING_KINDS),
  gate: field.id.nullable(),
  detail: z.string().min(1).max(200),
}) satisfies z.ZodType<ReportedFinding>;

/** An argument that `report-finding` would accept. */
export const FINDING_EXAMPLE: ReportedFinding = {
  id: 'finding/kyc-onboarding/0123456789abcdef0123456789abcdef',
  kind: 'reset',
  gate: null,
  detail: 'reset by admin@bank',
};

/** The finding that a message carries; undefined where it is none. */
export function parseFinding(message: unknown): ReportedFinding | undefined {
  return form.safeParse(message).data;
}
