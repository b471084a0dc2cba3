import type { z } from 'zod';
import { namingEntries, parseForm } from '../contracts/form.js';
import type { Json } from '../domain/json.js';
import { invalidBody } from './problem.js';

/** A body by its form; throws `Problem` that names every field that is wrong. */
export function parseBody<S extends z.ZodType>(form: S, value: Json): z.output<S> {
  const parsed = parseForm<z.output<S>>(form as z.ZodType<z.output<S>>, value);
  if (!parsed.ok) throw invalidBody(namingEntries(value, parsed.problems));
  return parsed.value;
}
