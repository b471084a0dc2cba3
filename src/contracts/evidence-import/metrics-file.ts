/**
 * Plain metrics: `{"collectedAt": …, "n": …, "metrics": {"f1": 0.985, "review-rate": {"value": 0.11, "n": 4000}}}`.
 * `n` outside counts for every metric without one of its own. The metrics alone, without the frame, do as well.
 */
import { z } from 'zod';
import { parseForm } from '../form.js';
import type { ReadResults } from './imported.js';

const n = z.int().min(0);
const metrics = z
  .record(
    z.string().min(1),
    z.union([z.number(), z.strictObject({ value: z.number(), n: n.exactOptional() })], {
      error: 'must be a number, or a value with its n',
    }),
  )
  .refine((all) => Object.keys(all).length > 0, { error: 'has no metric; write at least one' });
const framed = z.strictObject({
  collectedAt: z.iso.datetime({ offset: true }).exactOptional(),
  n: n.exactOptional(),
  metrics,
});

export function readMetricsFile(file: unknown): ReadResults {
  const isFramed = typeof file === 'object' && file !== null && 'metrics' in file;
  const parsed = parseForm(framed, isFramed ? file : { metrics: file });
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ path, detail }) => ({
      path: isFramed ? path : path.slice(1),
      detail,
    }));
    return { ok: false, problems };
  }
  const { n: all, metrics: given, collectedAt } = parsed.value;
  const results = Object.entries(given).map(([name, result]) => {
    const own = typeof result === 'number' ? { value: result } : result;
    return [name, all === undefined ? own : { n: all, ...own }] as const;
  });
  const when = collectedAt === undefined ? {} : { collectedAt };
  return { ok: true, imported: { results: Object.fromEntries(results), ...when } };
}
