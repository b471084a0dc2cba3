import type { JsonDefinition } from '../../contracts/metric-sources.js';
import { definitionIn } from '../../contracts/metrics/definitions.js';
import { fillPath } from '../../contracts/metrics/question-path.js';
import { type MetricQuery, type MetricSource, MetricsUnavailable } from '../../ports/metric-source.js';
import { callJson } from '../egress/call-json.js';
import { whoAsks } from '../egress/who-asks.js';
import { type Answered, answered, type Numbers, sampleOf } from './answered-number.js';
import { heardFrom } from './asking.js';
import type { SourceOptions } from './prometheus-api.js';
import { samplesOf } from './samples-of.js';

export interface JsonSourceOptions extends SourceOptions {
  readonly id: string;
  readonly metrics: { readonly [metric: string]: JsonDefinition };
}

type Question = MetricQuery['metrics'][number];

/** Metrics of any service that answers GET with JSON: where it is asked, and where in its answer the numbers are. */
export function createJsonSource({ id, metrics, ...options }: JsonSourceOptions): MetricSource {
  const { egress, url, timeoutMs, bearer } = options;

  const get = async (place: string, signal: AbortSignal | undefined): Promise<unknown> => {
    const headers = await whoAsks(bearer);
    const { status, body } = await heardFrom(place, signal, () =>
      callJson(egress, { method: 'GET', url: place, timeoutMs, signal, headers }),
    );
    if (status === 200 && body !== undefined) return body;
    throw new MetricsUnavailable(`${place} answered ${status}, not with JSON`);
  };

  return {
    query: (query, signal) =>
      samplesOf(query.metrics, async ({ metric, by }) => {
        const definition = definitionIn(metrics, metric);
        if (definition === undefined) return undefined;
        const place = `${url}${fillPath(definition.get, filling(query, { metric, by }))}`;
        const numbers = numbersIn(await get(place, signal), definition);
        const sample = sampleOf({ metric, group: by }, numbers);
        return sample && { ...sample, asked: { source: id, queries: { get: place } } };
      }),
  };
}

function filling({ lifecycle, label, step, from, to }: MetricQuery, { metric, by }: Question) {
  return {
    lifecycle,
    release: label,
    step,
    group: by ?? '',
    metric,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    fromMs: String(from),
    toMs: String(to),
  };
}

function numbersIn(body: unknown, definition: JsonDefinition): Numbers {
  const at = (pointer: string) => numberAt(body, pointer);
  if ('count' in definition) return { kind: 'rate', count: at(definition.count), of: at(definition.of) };
  const { value, n } = definition;
  return { kind: 'value', value: at(value), n: n === undefined ? null : at(n) };
}

/** What is at a JSON pointer (RFC 6901): absent and null are nothing. */
function numberAt(body: unknown, pointer: string): Answered {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const found = keys.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as { readonly [key: string]: unknown })[key];
  }, body);
  if (found === undefined || found === null) return 'nothing';
  if (typeof found === 'number') return answered(found);
  return { doubt: found === 'NaN' ? 'not-a-number' : 'no-single-number' };
}
