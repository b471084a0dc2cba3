import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createHttpMetricSource } from '../../../src/adapters/http-metric-source.js';
import { createJsonSource } from '../../../src/adapters/metrics/json-source.js';
import { createPrometheusSource } from '../../../src/adapters/metrics/prometheus-source.js';
import { type MetricSource, MetricsUnavailable } from '../../../src/ports/metric-source.js';
import { question } from './question.js';
import { type Reply, startUnwellSource } from './unwell.js';

const NOW = Date.UTC(2027, 2, 1, 9);
const TIMEOUT_MS = 150;
const HOUR = 3_600_000;

const kinds: { readonly [kind: string]: (url: string) => MetricSource } = {
  prometheus: (url) => createPrometheusSource({ ...options(url), metrics: { m: { value: 'x' } } }),
  json: (url) => createJsonSource({ ...options(url), metrics: { m: { get: '/m', value: '/v' } } }),
  http: (url) => createHttpMetricSource({ baseUrl: url, timeoutMs: TIMEOUT_MS }),
};

function options(url: string) {
  return { id: 'it', url, egress: createOwnEgress(url, []), timeoutMs: TIMEOUT_MS };
}

const NO_ANSWERS: readonly [string, Reply][] = [
  ['after an hour', { after: HOUR }],
  ['with an error', { status: 503, body: '{"status":"error","error":"too busy"}' }],
  ['that it does not know us', { status: 401, body: '' }],
  ['with a redirect', { status: 302, body: '{}' }],
  ['with a page', { status: 200, body: '<html>' }],
];

for (const [kind, open] of Object.entries(kinds)) {
  test.each(NO_ANSWERS)(`a source of kind ${kind} that answers %s is unavailable, soon`, async (_, reply) => {
    const { url } = await startUnwellSource(() => reply);
    const begun = Date.now();
    await expect(open(url).query(question(NOW, 'm'))).rejects.toThrow(MetricsUnavailable);
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  test(`a source of kind ${kind} that nobody listens as is unavailable, and says where`, async () => {
    const asking = kinds[kind]?.('http://127.0.0.1:9').query(question(NOW, 'm'));
    await expect(asking).rejects.toThrow(/127\.0\.0\.1:9/);
  });

  test(`a question to a source of kind ${kind} that is no longer wanted ends with the reason`, async () => {
    const { url } = await startUnwellSource(() => ({ after: HOUR }));
    const stop = new AbortController();
    const asking = open(url).query(question(NOW, 'm'), stop.signal);
    await sleep(20);
    stop.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
  });
}

const success = (data: object, more = {}) => JSON.stringify({ status: 'success', data, ...more });
const vector = (...values: string[]) => ({
  resultType: 'vector',
  result: values.map((value) => ({ metric: {}, value: [1, value] })),
});

test('a Prometheus that says its answer is incomplete is not believed', async () => {
  const { url } = await startUnwellSource(() => ({
    status: 200,
    body: success(vector('0.1'), { warnings: ['remote storage: no such host'] }),
  }));
  expect(await kinds.prometheus?.(url).query(question(NOW, 'm'))).toMatchObject([
    { doubt: 'incomplete', value: null },
  ]);
});

test('a histogram is no single number', async () => {
  const histogram = { resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] };
  const { url } = await startUnwellSource(() => ({ status: 200, body: success(histogram) }));
  expect(await kinds.prometheus?.(url).query(question(NOW, 'm'))).toMatchObject([
    { doubt: 'no-single-number' },
  ]);
});

test('a metric whose question gets no answer is a doubt where others were answered', async () => {
  const source = await startUnwellSource(() => ({ status: 200, body: success(vector('0.5')) }));
  const metrics = { bad: { value: 'bad' }, good: { value: 'good' } };
  const prometheus = createPrometheusSource({ ...options(source.url), metrics });
  source.reply = () => {
    const { body = '' } = source.asked.at(-1) ?? {};
    return body.includes('query=bad')
      ? { status: 503, body: '' }
      : { status: 200, body: success(vector('0.5')) };
  };
  expect(await prometheus.query(question(NOW, 'bad', 'good'))).toMatchObject([
    { metric: 'bad', doubt: 'unavailable', n: 0 },
    { metric: 'good', value: 0.5, n: 1 },
  ]);
});

test('what several metrics share is asked for once, at the end of the window, with the token', async () => {
  const source = await startUnwellSource(() => ({ status: 200, body: success(vector('7')) }));
  const prometheus = createPrometheusSource({
    ...options(source.url),
    bearer: async () => 'the-token',
    metrics: { a: { count: 'vector(1)', of: 'cases' }, b: { count: 'vector(2)', of: 'cases' } },
  });
  await prometheus.query(question(NOW, 'a', 'b'));
  expect(source.asked.map(({ body }) => new URLSearchParams(body).get('query')).sort()).toEqual([
    'cases',
    'vector(1)',
    'vector(2)',
  ]);
  for (const { url, body, authorization } of source.asked) {
    expect(url).toBe('/api/v1/query');
    expect(new URLSearchParams(body).get('time')).toBe(String(NOW / 1_000).concat('.000'));
    expect(authorization).toBe('Bearer the-token');
  }
});
