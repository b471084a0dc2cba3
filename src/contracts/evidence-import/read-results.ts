/** Files of results that teams have already, read into results of evidence. */
import type { Results } from '../../domain/governance/evidence-verdicts.js';
import { field } from '../fields.js';
import { parseForm } from '../form.js';
import { type ReadResults, type Renaming, unreadable } from './imported.js';
import { readMetricsFile } from './metrics-file.js';
import { readMlflow } from './mlflow.js';
import { readPromptfoo } from './promptfoo.js';

const READERS = { promptfoo: readPromptfoo, mlflow: readMlflow, metrics: readMetricsFile } as const;

export type ResultsFormat = keyof typeof READERS;
export const RESULTS_FORMATS = Object.keys(READERS) as [ResultsFormat, ...ResultsFormat[]];

/** What a file of this format says, under the names that the spec uses. Nothing of a doubtful file is taken. */
export function readResults(format: ResultsFormat, file: unknown, renaming: Renaming = {}): ReadResults {
  const read = READERS[format](file);
  if (!read.ok) return read;
  const { results, ...rest } = read.imported;
  const names = Object.keys(results);
  const absent = Object.keys(renaming).find((name) => !Object.hasOwn(results, name));
  if (absent !== undefined) {
    return unreadable([], `has no ${absent} that could be renamed; it has ${names.slice(0, 20).join(', ')}`);
  }
  const renamed = names.map((name) => nameOf(name, renaming));
  const twice = renamed.find((name, index) => renamed.indexOf(name) !== index);
  if (twice !== undefined) return unreadable([], `has two results that would be called ${twice}; rename one`);
  const known = names.map((name): [string, unknown] => [nameOf(name, renaming), results[name]]);
  const parsed = parseForm<Results>(field.results, Object.fromEntries(known));
  return parsed.ok ? { ok: true, imported: { results: parsed.value, ...rest } } : parsed;
}

/** The count of what failed goes with what it counts. */
function nameOf(name: string, renaming: Renaming): string {
  const counted = name.endsWith(FAILED) ? renaming[name.slice(0, -FAILED.length)] : undefined;
  return renaming[name] ?? (counted === undefined ? name : counted + FAILED);
}

const FAILED = '.failed';
