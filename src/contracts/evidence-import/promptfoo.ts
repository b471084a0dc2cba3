/**
 * The file that `promptfoo eval -o results.json` writes. Each assertion with a `metric` counts towards that metric:
 * its mean score as `<metric>`, and how many assertions failed as `<metric>.failed`, both over the assertions made.
 */
import { z } from 'zod';
import type { Results } from '../../domain/governance/evidence-verdicts.js';
import { parseForm } from '../form.js';
import { type ReadResults, unreadable } from './imported.js';

const graded = z.object({
  pass: z.boolean(),
  score: z.number(),
  assertion: z.object({ metric: z.string().optional() }).nullish(),
});

const row = z.object({
  success: z.boolean(),
  error: z.string().nullish(),
  gradingResult: z.object({ componentResults: z.array(graded).nullish() }).nullish(),
  promptIdx: z.int().min(0).optional(),
});
type Row = z.output<typeof row>;

const form = z.object({
  results: z.object({
    version: z.literal(3, {
      error: 'is not 3, the form that this reads; have a promptfoo of today write it anew',
    }),
    timestamp: z.iso.datetime({ offset: true }),
    results: z.array(row).min(1),
    stats: z.object({ successes: z.int().min(0), failures: z.int().min(0), errors: z.int().min(0) }),
  }),
});

/** Refuses a file of several prompts or models, and one with tests that ended in an error: those measured nothing. */
export function readPromptfoo(file: unknown): ReadResults {
  const parsed = parseForm(form, file);
  if (!parsed.ok) return parsed;
  const { results: rows, stats, timestamp } = parsed.value.results;
  const at = ['results', 'results'];
  if (stats.errors > 0) {
    const detail = `${stats.errors} of ${rows.length} tests ended in an error and measured nothing; run promptfoo retry, then send the file again`;
    return unreadable(['results', 'stats', 'errors'], detail);
  }
  if (stats.successes + stats.failures !== rows.length) {
    return unreadable(
      at,
      `has ${rows.length} tests, and the stats count others; export the whole evaluation`,
    );
  }
  const columns = new Set(rows.map(({ promptIdx = 0 }) => promptIdx)).size;
  if (columns > 1) {
    const detail = `holds ${columns} prompts or models side by side; evaluate the one that is to be released`;
    return unreadable(at, detail);
  }
  const passes = { value: stats.successes / rows.length, n: rows.length };
  return {
    ok: true,
    imported: { results: { 'pass-rate': passes, ...byMetric(rows) }, collectedAt: timestamp },
  };
}

function byMetric(rows: readonly Row[]): Results {
  const scores = new Map<string, { score: number; failed: number; n: number }>();
  for (const { gradingResult } of rows) {
    for (const { pass, score, assertion } of gradingResult?.componentResults ?? []) {
      const { metric } = assertion ?? {};
      if (metric === undefined) continue;
      const sum = scores.get(metric) ?? { score: 0, failed: 0, n: 0 };
      scores.set(metric, {
        score: sum.score + score,
        failed: sum.failed + (pass ? 0 : 1),
        n: sum.n + 1,
      });
    }
  }
  return Object.fromEntries(
    [...scores].flatMap(([metric, { score, failed, n }]) => [
      [metric, { value: score / n, n }],
      [`${metric}.failed`, { value: failed, n }],
    ]),
  );
}
