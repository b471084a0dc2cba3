/** How a spec says what the output of an action looks like: named fields of plain kinds, and no patterns. */
import { z } from 'zod';

const optional = z.exactOptional(z.boolean());
const choice = z.string().min(1).max(120);

const fieldShape = z.union([
  z.strictObject({
    is: z.literal('text'),
    longest: z.exactOptional(z.int().min(1).max(100_000)),
    oneOf: z.exactOptional(z.array(choice).min(1).max(50)),
    optional,
  }),
  z.strictObject({
    is: z.enum(['number', 'whole']),
    from: z.exactOptional(z.number()),
    to: z.exactOptional(z.number()),
    optional,
  }),
  z.strictObject({ is: z.literal('yes-no'), optional }),
]);

/** At most 20 fields; an output with any other does not fit. */
export const shape = z
  .record(
    z
      .string()
      .max(64)
      .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: 'write the name of a field, such as reply' }),
    fieldShape,
  )
  .refine((fields) => Object.keys(fields).length <= 20, { error: 'describe at most 20 fields' });
