import { z } from 'zod';
import type { MetricQuery, Sample } from '../ports/metric-source.js';

/** Body of `POST /query`. */
export const queryForm = z.strictObject({
  lifecycle: z.string(),
  release: z.string(),
  label: z.string(),
  step: z.string(),
  metrics: z.array(z.strictObject({ metric: z.string(), by: z.string().nullable() })),
  since: z.number(),
  from: z.number(),
  to: z.number(),
}) satisfies z.ZodType<MetricQuery>;

/** JSON has no NaN and no infinities, so sources write them as text; to us they are no value. */
const value = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf']).transform(() => null)]).nullable();

/** Answer to `POST /query`, with what is not a finite number read as null. */
export const samplesForm = z.object({
  samples: z.array(
    z.object({
      metric: z.string(),
      group: z.string().nullable(),
      count: z.number().min(0).nullable(),
      value,
      n: z.number().min(0),
    }),
  ),
}) satisfies z.ZodType<{ samples: Sample[] }>;
