import type { z } from 'zod';

/** What a command takes over HTTP, with one example of it for the OpenAPI document and for tests. */
export interface Body<S extends z.ZodType> {
  readonly body: S;
  readonly example: z.input<S>;
}

/** A row of the body tables; ties the example's type to the schema. */
export function body<S extends z.ZodType>(schema: S, example: z.input<S>): Body<S> {
  return { body: schema, example };
}
