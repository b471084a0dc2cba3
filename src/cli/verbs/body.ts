/** The body of a command from everything that may state it: a file, then --data, then flags. */
import type { z } from 'zod';
import type { ApiClient } from '../client/api-client.js';
import { readView } from '../client/lifecycles.js';
import { UsageError } from '../client/problems.js';
import { isGroup, readWritten } from '../written/read-written.js';
import { asksForView, fillIn } from '../written/words.js';
import { type Flag, flagsOf } from './flags.js';

export interface BodySources {
  readonly file?: string | undefined;
  readonly data?: string | undefined;
  /** By the body's field names, as commander leaves them. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** The body that these sources state; the API judges it. Throws `UsageError` for what cannot be read. */
export async function bodyOf(form: z.ZodType, sources: BodySources, api: ApiClient, key: string) {
  const { file, data, flags } = sources;
  const written = {
    ...(file === undefined ? {} : wrapped(form, readWritten(file), file)),
    ...(data === undefined ? {} : jsonFields(data)),
    ...fromFlags(flagsOf(form), flags),
  };
  const known = asksForView(written) ? await readView(api, key) : undefined;
  return fillIn(written, known, Date.now());
}

/** A body of one field may be given by a file that is that field's value: a spec, a brief, facts. */
function wrapped(form: z.ZodType, value: unknown, file: string): Readonly<Record<string, unknown>> {
  if (!isGroup(value)) throw new UsageError(`${file} does not hold a group of fields`);
  const fields = 'shape' in form ? Object.keys(form.shape as object) : [];
  const [only] = fields;
  return fields.length === 1 && only !== undefined && !isGroup(value[only]) ? { [only]: value } : value;
}

/** What --data states; throws `UsageError` for anything but a JSON object. */
export function jsonFields(data: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data);
    if (isGroup(value)) return value;
  } catch (cause) {
    throw new UsageError(`--data is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  throw new UsageError(`--data takes a JSON object, such as '{"reason": "…"}'`);
}

function fromFlags(flags: readonly Flag[], given: BodySources['flags']): Record<string, unknown> {
  const stated: Record<string, unknown> = {};
  for (const { field, value } of flags) {
    const text = given[field];
    if (typeof text === 'string') stated[field] = value(text);
    if (Array.isArray(text)) stated[field] = text.map((each) => value(String(each)));
  }
  return stated;
}
