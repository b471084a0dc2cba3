/** What a spec says about the decision-time guard beyond its clauses. */
import { z } from 'zod';
import { GUARD_VERDICTS } from '../../domain/guard/rules.js';
import { clauseId } from './clauses.js';

export const guard = z.strictObject({
  whenUnknown: z.exactOptional(z.enum(GUARD_VERDICTS)),
  /** Share of the allowed cases that a person looks at. */
  sample: z.exactOptional(z.number().min(0).max(1)),
  /** Where a case goes that no condition sends anywhere. */
  queue: z.exactOptional(clauseId),
});
