import type { PromDefinition } from '../../contracts/metric-sources.js';
import { definitionIn } from '../../contracts/metrics/definitions.js';
import { type Asked, promqlFor } from '../../contracts/metrics/promql.js';
import type { AskedQuery, MetricQuery, MetricSource } from '../../ports/metric-source.js';
import { type Answered, type Numbers, sampleOf } from './answered-number.js';
import { createPrometheusApi, type PrometheusApi, type SourceOptions } from './prometheus-api.js';
import { samplesOf } from './samples-of.js';

export interface PrometheusSourceOptions extends SourceOptions {
  readonly id: string;
  readonly metrics: { readonly [metric: string]: PromDefinition };
}

type Question = MetricQuery['metrics'][number];

/** Metrics of a Prometheus, by PromQL of its own for each, or by the convention of `promqlFor`. */
export function createPrometheusSource({ id, metrics, ...options }: PrometheusSourceOptions): MetricSource {
  const api = createPrometheusApi(options);

  return {
    async query(query, signal) {
      const asking = onceEach(api, query.to, signal);
      return samplesOf(query.metrics, async ({ metric, by }) => {
        const asked = promqlFor(definitionIn(metrics, metric), scopeOf(query, { metric, by }));
        const numbers = await numbersOf(asked, asking, api, query, signal);
        const sample = sampleOf({ metric, group: by }, numbers);
        return sample && { ...sample, asked: { source: id, queries: queriesOf(asked) } };
      });
    },
  };
}

function scopeOf({ lifecycle, label, step, from, to }: MetricQuery, { metric, by }: Question) {
  return { metric, group: by, lifecycle, release: label, step, window: to - from };
}

type Asking = (promql: string) => Promise<Answered>;

/** What several metrics share, such as the number of cases, is asked for once. */
function onceEach(api: PrometheusApi, at: number, signal: AbortSignal | undefined): Asking {
  const answers = new Map<string, Promise<Answered>>();
  return (promql) => {
    const answer = answers.get(promql) ?? api.instant(promql, at, signal);
    answers.set(promql, answer);
    return answer;
  };
}

async function numbersOf(
  asked: Asked,
  asking: Asking,
  api: PrometheusApi,
  { from, to }: MetricQuery,
  signal: AbortSignal | undefined,
): Promise<Numbers> {
  switch (asked.kind) {
    case 'rate': {
      const [count, of] = await Promise.all([asking(asked.count), asking(asked.of)]);
      return { kind: 'rate', count, of };
    }
    case 'either': {
      const [count, of, value] = await Promise.all([asked.count, asked.of, asked.value].map(asking));
      if (value === undefined || value === 'nothing')
        return { kind: 'rate', count: count ?? 'nothing', of: of ?? 'nothing' };
      return { kind: 'value', value, n: of === undefined || of === 'nothing' ? null : of };
    }
    case 'value': {
      const n = asked.n === null ? null : asking(asked.n);
      if (asked.over === null) {
        const [value, counted] = await Promise.all([asking(asked.value), n]);
        return { kind: 'value', value, n: counted };
      }
      const [points, counted] = await Promise.all([
        api.range(asked.value, { from, to }, asked.over, signal),
        n,
      ]);
      return { kind: 'value', value: points.value, n: counted ?? points.n };
    }
  }
}

/** As they were sent, by what each is. */
function queriesOf(asked: Asked): AskedQuery['queries'] {
  switch (asked.kind) {
    case 'rate':
      return { count: asked.count, of: asked.of };
    case 'either':
      return { count: asked.count, of: asked.of, value: asked.value };
    case 'value': {
      const { value, n, over } = asked;
      return {
        value,
        ...(n !== null && { n }),
        ...(over && { over: `${over.take} every ${over.everyMs} ms` }),
      };
    }
  }
}
