import { dirname, join } from 'node:path';
import type { ModelText } from '../client/policy.js';
import { UsageError } from '../client/problems.js';
import { isGroup, readWritten, textOf } from './read-written.js';

/** As YAML writes it at the start of a line. */
const EXTENDS = /^extends:\s*['"]?([\w.-]+\.ya?ml)['"]?\s*(?:#.*)?$/m;

/** A model's file, with those it extends, which lie beside it. Throws `UsageError` for one that cannot be read. */
export function readModelText(file: string): ModelText {
  const text = textOf(file);
  const beside: Record<string, string> = {};
  for (let name = extended(text); name !== undefined && !(name in beside); ) {
    const other = textOf(join(dirname(file), name));
    beside[name] = other;
    name = extended(other);
  }
  return Object.keys(beside).length === 0 ? { text } : { text, beside };
}

const extended = (text: string): string | undefined => EXTENDS.exec(text)?.[1];

/** Name and version of the model in a file; whether it is one, the API says. Throws `UsageError`. */
export function modelNamed(file: string): { readonly name: string; readonly version: string } {
  const value = readWritten(file);
  const { name, version } = isGroup(value) ? value : {};
  if (typeof name === 'string' && typeof version === 'number') return { name, version: String(version) };
  throw new UsageError(`${file} is no operating model: it says neither name nor version; write both`);
}
