import { z } from 'zod';
import { field } from '../../contracts/fields.js';

/** Part of every address below one lifecycle. */
export const keyPath = z.object({ key: field.lifecycleKey });

/** Without examples: a form that is tried out would send them. */
export const requestHeaders = {
  idempotencyKey: z.string().max(255).optional().meta({
    description:
      'Repeats of a request carry the same key; left out, one is made and answered in this header.',
  }),
  ifMatch: z.string().optional().meta({
    description: 'ETag that you saw, such as `"7"`; a lifecycle that has moved on since answers 412.',
  }),
  ifNoneMatch: z.string().optional().meta({ description: 'ETag that you have; unchanged answers 304.' }),
  lastEventId: z.string().optional().meta({
    description: 'Id of the last event that you got; it goes before `cursor`.',
  }),
};

/** Headers of an answer that shows a lifecycle. */
export const viewHeaderForm = z.object({
  ETag: z.string().meta({ description: 'Version of the lifecycle, quoted.', example: '"7"' }),
  'X-Request-Id': z.string(),
});
