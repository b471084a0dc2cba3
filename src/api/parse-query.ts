import type { Request } from 'express';
import { z } from 'zod';
import { parseForm } from '../contracts/form.js';
import { Problem } from './problem.js';

/**
 * The query parameters of a request by their form; one that is given empty counts as left out. Throws `Problem`
 * that names every parameter that is unknown or wrong.
 */
export function parseQuery<S extends z.ZodObject>(form: S, request: Pick<Request, 'query'>): z.output<S> {
  const given = Object.entries(request.query)
    .filter(([, value]) => value !== '')
    .map(([name, value]): [string, unknown] => [name, takesList(form, name) ? listOf(value) : value]);
  const parsed = parseForm<z.output<S>>(form as unknown as z.ZodType<z.output<S>>, Object.fromEntries(given));
  if (parsed.ok) return parsed.value;
  const reasons = parsed.problems.map(({ path: [name], detail }) => ({
    code: 'invalid-body',
    message: detail,
    fact: String(name),
  }));
  const [first] = reasons;
  throw new Problem('invalid-body', `${first?.fact} ${first?.message}`, { reasons });
}

function takesList(form: z.ZodObject, name: string): boolean {
  const field: unknown = form.shape[name];
  return (field instanceof z.ZodOptional ? field.unwrap() : field) instanceof z.ZodArray;
}

const listOf = (value: unknown): unknown[] => [value].flat().filter((each) => each !== '');
