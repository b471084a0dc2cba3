/**
 * What MLflow answers to `runs/get`. A metric is a result of its name; `<metric>.n` beside it, else `example_count`,
 * says over how many samples. What MLflow logs about the machine (`system/…`) is left out.
 */
import { z } from 'zod';
import type { Results } from '../../domain/governance/evidence-verdicts.js';
import { type FieldProblem, parseForm } from '../form.js';
import { type ReadResults, unreadable } from './imported.js';

const form = z.object({
  run: z.object({
    info: z.object({
      status: z.string(),
      end_time: z.coerce.number().int().min(1).optional(),
    }),
    data: z.object({
      metrics: z
        .array(z.object({ key: z.string().min(1), value: z.unknown() }))
        .min(1, { error: 'is empty: the run logged no metric' }),
    }),
  }),
});

const AT = ['run', 'data', 'metrics'];
const ALL = 'example_count';

export function readMlflow(file: unknown): ReadResults {
  const parsed = parseForm(form, file);
  if (!parsed.ok) return parsed;
  const { info, data } = parsed.value.run;
  if (info.status !== 'FINISHED') {
    return unreadable(['run', 'info', 'status'], `is ${info.status}; only a FINISHED run is evidence`);
  }
  const logged = data.metrics.filter(({ key }) => !key.startsWith('system/'));
  const problems = logged.flatMap(problemsOf);
  if (problems.length > 0) return { ok: false, problems };
  const values = new Map(logged.map(({ key, value }) => [key, value as number]));
  const { end_time: end } = info;
  const collectedAt = end === undefined ? {} : { collectedAt: new Date(end).toISOString() };
  return { ok: true, imported: { results: resultsOf(values), ...collectedAt } };
}

function problemsOf({ key, value }: { key: string; value?: unknown }, index: number, all: { key: string }[]) {
  const path = [...AT, index, 'value'];
  const problems: FieldProblem[] = [];
  // MLflow writes NaN and Infinity as texts.
  if (typeof value !== 'number')
    problems.push({ path, detail: `of ${key} is ${String(value)}, which is no number; log one` });
  if (all.findIndex((other) => other.key === key) !== index)
    problems.push({
      path,
      detail: `is a second value of ${key}; send what runs/get answers, with the last of each`,
    });
  return problems;
}

function resultsOf(values: ReadonlyMap<string, number>): Results {
  const counts = (key: string): boolean =>
    key === ALL || (key.endsWith('.n') && values.has(key.slice(0, -2)));
  return Object.fromEntries(
    [...values]
      .filter(([key]) => !counts(key))
      .map(([key, value]) => {
        const n = values.get(`${key}.n`) ?? values.get(ALL);
        return [key, n === undefined ? { value } : { value, n }];
      }),
  );
}
