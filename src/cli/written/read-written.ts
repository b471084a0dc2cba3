import { readFileSync } from 'node:fs';
import { readYaml } from '../../contracts/yaml-source.js';
import { UsageError } from '../client/problems.js';

/**
 * What a file says: YAML, of which JSON is a part. With `#` and a path (`releases.yaml#r1.body`) only what
 * stands there. Throws `UsageError` that names the file, and the line where it is no YAML.
 */
export function readWritten(reference: string): unknown {
  const [file = '', within] = reference.split('#', 2);
  const source = readYaml(file, textOf(file));
  if (!source.ok) {
    const problems = source.problems.map(({ line, column, detail }) => `${file}:${line}:${column} ${detail}`);
    throw new UsageError(problems.join('\n'));
  }
  return within === undefined ? source.source.value : find(source.source.value, within, reference);
}

/** A text file as it is, such as a list of people. Throws `UsageError`. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read (${why}); name a file that is there`, { cause });
  }
}

function find(value: unknown, within: string, reference: string): unknown {
  return within.split('.').reduce((found: unknown, key) => {
    if (isGroup(found) && Object.hasOwn(found, key)) return found[key];
    throw new UsageError(`${reference}: there is no "${key}" in the file; correct what stands behind #`);
  }, value);
}

/** Whether a value is a group of fields. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
