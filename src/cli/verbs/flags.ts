/** Flags of a generated verb: one for every field of a command's body that fits into a flag. */
import type { z } from 'zod';

export interface Flag {
  readonly field: string;
  /** As commander takes it: `--cause-class <cause-class>`. */
  readonly syntax: string;
  readonly description: string;
  readonly choices: readonly string[];
  readonly repeatable: boolean;
  /** The flag's text as the body's value. */
  readonly value: (text: string) => string | number | boolean;
}

/** The flags of a body; fields that are groups, or lists of them, come by --data or -f. */
export function flagsOf(body: z.ZodType): Flag[] {
  if (!isObject(body)) return [];
  return Object.entries<z.core.$ZodType>(body.shape).flatMap(([field, schema]) => flagOf(field, schema));
}

function flagOf(field: string, written: z.core.$ZodType): Flag[] {
  const schema = unwrapped(written);
  const { def } = schema._zod;
  const list = isArray(schema);
  const scalar = list ? unwrapped(schema._zod.def.element) : schema;
  const kind = scalar._zod.def.type;
  if (kind !== 'string' && kind !== 'enum' && kind !== 'number' && kind !== 'boolean') return [];
  const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const choices = isEnum(scalar) ? Object.values(scalar._zod.def.entries).map(String) : [];
  const description = descriptionOf(written) ?? descriptionOf(schema) ?? '';
  const syntax = `--${name} <${kind === 'number' ? 'number' : list ? 'each' : name}>`;
  return [{ field, syntax, description, choices, repeatable: def.type === 'array', value: VALUES[kind] }];
}

const VALUES = {
  string: (text: string) => text,
  enum: (text: string) => text,
  // What is no number goes as it was typed: the API says what is wrong with it.
  number: (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)),
  boolean: (text: string) => (text === 'true' || text === 'false' ? text === 'true' : text),
};

/** The schema within what makes it optional or gives it a default. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  const inner = 'innerType' in def ? (def.innerType as z.core.$ZodType) : undefined;
  return inner === undefined ? schema : unwrapped(inner);
}

function descriptionOf(schema: z.core.$ZodType): string | undefined {
  return 'description' in schema && typeof schema.description === 'string' ? schema.description : undefined;
}

const isObject = (schema: z.core.$ZodType): schema is z.ZodObject => schema._zod.def.type === 'object';
const isArray = (schema: z.core.$ZodType): schema is z.ZodArray => schema._zod.def.type === 'array';
const isEnum = (schema: z.core.$ZodType): schema is z.ZodEnum => schema._zod.def.type === 'enum';
