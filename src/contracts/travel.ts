/**
 * From bodies to payloads: one transformation of types, one of schemas and one of values, so that no
 * command has to say twice what it carries.
 */
import { z } from 'zod';
import type { Digest } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { field, type Text, travelOf, type WrittenInstant } from './fields.js';

/** A body's type with its texts as digests and its date-times as milliseconds. */
export type Travelled<T> = T extends Text
  ? Digest
  : T extends WrittenInstant
    ? number
    : T extends readonly (infer E)[]
      ? Travelled<E>[]
      : T extends object
        ? { [K in keyof T]: Travelled<T[K]> }
        : T;

/** Stores a document and answers with its digest. */
export type Put = (document: Json) => Promise<Digest>;

/** The schema of what a body of this schema becomes. Limits and cross-field rules stay. */
export function travelledSchema<S extends z.ZodType>(schema: S): z.ZodType<Travelled<z.output<S>>> {
  return transform(schema) as z.ZodType<Travelled<z.output<S>>>;
}

/** Turns a parsed body into its payload, storing all of its texts at once. Throws what `put` throws. */
export async function travel<S extends z.ZodType>(
  schema: S,
  body: z.output<S>,
  put: Put,
): Promise<Travelled<z.output<S>>> {
  const digests = new Map<string, Digest>();
  const texts = new Set<string>();
  carry(schema, body, (text) => texts.add(text));
  await Promise.all([...texts].map(async (text) => digests.set(text, await put({ text }))));
  return carriedWith(schema, body, (text) => digests.get(text));
}

/** The payload of a body whose texts have the given digests. */
export function carriedWith<S extends z.ZodType>(
  schema: S,
  body: z.output<S>,
  digestOfText: (text: string) => Digest | undefined,
): Travelled<z.output<S>> {
  return carry(schema, body, digestOfText) as Travelled<z.output<S>>;
}

function transform(schema: z.core.$ZodType): z.core.$ZodType {
  switch (travelOf(schema)) {
    case 'text':
      return field.digest;
    case 'instant':
      return z.int();
    case undefined:
      return transformWithin(schema);
  }
}

function transformWithin(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries<z.core.$ZodType>(schema.shape).map(([name, part]) => [name, transform(part)]),
    );
    return z.clone(schema, { ...schema.def, shape });
  }
  if (schema instanceof z.ZodArray) {
    return z.clone(schema, { ...schema.def, element: transform(schema.element) });
  }
  if (isWrapper(schema))
    return z.clone(schema, { ...schema.def, innerType: transform(schema.def.innerType) });
  return schema;
}

function carry(schema: z.core.$ZodType, value: unknown, text: (written: string) => unknown): unknown {
  if (value === undefined) return undefined;
  if (isWrapper(schema)) return carry(schema.def.innerType, value, text);
  switch (travelOf(schema)) {
    case 'text':
      return typeof value === 'string' ? text(value) : value;
    case 'instant':
      return typeof value === 'string' ? Date.parse(value) : value;
    case undefined:
      return carryWithin(schema, value, text);
  }
}

function carryWithin(schema: z.core.$ZodType, value: unknown, text: (written: string) => unknown): unknown {
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((element: unknown) => carry(schema.element, element, text));
  }
  if (schema instanceof z.ZodObject && typeof value === 'object' && value !== null) {
    const shape: Readonly<Record<string, z.core.$ZodType | undefined>> = schema.shape;
    const carried = Object.entries(value).map(([name, part]: [string, unknown]) => {
      const form = shape[name];
      return [name, form === undefined ? part : carry(form, part, text)];
    });
    return Object.fromEntries(carried);
  }
  return value;
}

const isWrapper = (schema: z.core.$ZodType): schema is z.ZodOptional | z.ZodExactOptional | z.ZodDefault =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault;
