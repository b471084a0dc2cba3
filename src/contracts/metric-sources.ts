/** The metric sources file: where metrics are measured, of which lifecycles, and how each of them is asked for. */
import { z } from 'zod';
import { elapsedOf, elapsedTime } from './duration-text.js';
import { field } from './fields.js';
import { placeholderProblem } from './metrics/placeholders.js';
import { pathProblem } from './metrics/question-path.js';
import { secretRef } from './secret-ref.js';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'write lower-case letters, digits, hyphens, such as prometheus',
});
const address = z
  .url({ protocol: /^https?$/, error: 'write an http(s) address' })
  .transform((url) => url.replace(/\/+$/, ''));

/** A verification asks for thirty seconds at most: a source that is slower is answered as one that is away. */
const timeout = elapsedTime
  .refine((text) => elapsedOf(text) >= 100 && elapsedOf(text) <= 20_000, 'must be from 100ms to 20s')
  .default('10s')
  .transform(elapsedOf);

const withoutProblem = (problemOf: (text: string) => string | undefined) =>
  z
    .string()
    .min(1)
    .max(4_000)
    .superRefine((text, context) => {
      const message = problemOf(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });

const promql = withoutProblem(placeholderProblem);
const over = z.strictObject({
  every: elapsedTime,
  take: z.enum(['avg', 'min', 'max', 'last'], { error: 'must be avg, min, max or last' }),
});
const promDefinition = z.union(
  [
    z.strictObject({ count: promql, of: promql }),
    z.strictObject({
      value: promql,
      n: promql.exactOptional(),
      over: over.transform(({ every, take }) => ({ everyMs: elapsedOf(every), take })).exactOptional(),
    }),
  ],
  { error: 'must have count and of (a rate) or value (with n, how many cases it rests on), in PromQL' },
);

const path = withoutProblem(pathProblem);
const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)*$/, { error: 'write a JSON pointer, such as /data/total' });
const jsonDefinition = z.union(
  [
    z.strictObject({ get: path, count: pointer, of: pointer }),
    z.strictObject({ get: path, value: pointer, n: pointer.exactOptional() }),
  ],
  { error: 'must have get (a path) with count and of (a rate), or with value and n, as JSON pointers' },
);

const metric = z.string().min(1).max(80);
const whom = {
  id,
  url: address,
  timeout,
  bearer: secretRef.exactOptional(),
  lifecycles: z
    .array(z.union([z.literal('*'), field.lifecycleKey]))
    .min(1)
    .exactOptional(),
  teams: z.array(z.string().min(1).max(64)).min(1).exactOptional(),
};

const source = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('prometheus'),
      ...whom,
      metrics: z.record(metric, promDefinition).default({}),
    }),
    /** Without `metrics` it is asked by `POST {url}/query`, in the words of the port. */
    z.strictObject({
      kind: z.literal('json'),
      ...whom,
      metrics: z.record(metric, jsonDefinition).exactOptional(),
    }),
  ],
  { error: 'must be "prometheus" or "json"' },
);

/** The whole file. Of the sources that fit a lifecycle the first that defines a metric is asked for it. */
export const metricSourcesForm = z
  .strictObject({ sources: z.array(source).min(1) })
  .superRefine(({ sources }, context) => {
    const ids = sources.map((each) => each.id);
    for (const [index, one] of ids.entries()) {
      if (ids.indexOf(one) === index) continue;
      context.addIssue({
        code: 'custom',
        path: ['sources', index, 'id'],
        message: `"${one}" is there twice; rename one`,
      });
    }
  });

export type MetricSources = z.output<typeof metricSourcesForm>;
export type WrittenSource = MetricSources['sources'][number];
type PrometheusSource = Extract<WrittenSource, { kind: 'prometheus' }>;
type JsonSource = Extract<WrittenSource, { kind: 'json' }>;
export type PromDefinition = PrometheusSource['metrics'][string];
export type JsonDefinition = NonNullable<JsonSource['metrics']>[string];
