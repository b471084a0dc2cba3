import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { parseForm } from '../contracts/form.js';
import { describeProblem } from '../contracts/read-operating-model.js';
import { readYaml, type SourceProblem } from '../contracts/yaml-source.js';

/**
 * A YAML file of one form, read again whenever it was written to. What it gives throws where the file is missing or
 * wrong, each problem with its place: what it said before no longer counts. `make` is given a text that differs with
 * each writing.
 */
export function followYamlFile<F, R>(
  path: string,
  form: z.ZodType<F>,
  make: (written: F, version: string) => R,
): () => Promise<R> {
  interface Read {
    readonly version: string;
    readonly made: R;
  }
  let read: Promise<Read> | undefined;

  const load = async (version: string): Promise<Read> => ({
    version,
    made: make(parse(path, await readFile(path, 'utf8'), form), version),
  });

  return async () => {
    const { mtimeMs, size, ino } = await stat(path);
    const version = `${ino}.${mtimeMs}.${size}`;
    const last = await read?.catch(() => undefined);
    if (last?.version === version) return last.made;
    read = load(version);
    return (await read).made;
  };
}

function parse<F>(path: string, text: string, form: z.ZodType<F>): F {
  const yaml = readYaml(path, text);
  if (!yaml.ok) throw saying(yaml.problems);
  const parsed = parseForm(form, yaml.source.value);
  if (parsed.ok) return parsed.value;
  throw saying(parsed.problems.map((problem) => ({ ...yaml.source.locate(problem.path), ...problem })));
}

function saying(problems: readonly SourceProblem[]): Error {
  return new Error(problems.map(describeProblem).join('\n'));
}
