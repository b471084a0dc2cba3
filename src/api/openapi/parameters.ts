import { z } from 'zod';
import { field } from '../../contracts/fields.js';

/** Part of every address below one lifecycle. */
export const keyPath = z.object({ key: field.lifecycleKey });

export const requestHeaders = {
  idempotencyKey: z.string().max(255).optional().meta({
    description:
      'Repeats of a request carry the same key; left out, one is made and answered in this header.',
    example: '5f0c1d2e-approve-kyc',
  }),
  ifMatch: z.string().optional().meta({
    description: 'ETag that you saw; a lifecycle that has moved on since answers 412.',
    example: '"7"',
  }),
  ifNoneMatch: z.string().optional().meta({ description: 'ETag that you have; unchanged answers 304.' }),
};

/** Headers of an answer that shows a lifecycle. */
export const viewHeaderForm = z.object({
  ETag: z.string().meta({ description: 'Version of the lifecycle, quoted.', example: '"7"' }),
  'X-Request-Id': z.string(),
});
