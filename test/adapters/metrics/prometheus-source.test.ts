import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createPrometheusSource } from '../../../src/adapters/metrics/prometheus-source.js';
import type { PromDefinition } from '../../../src/contracts/metric-sources.js';
import { instantQueries, promqlFor } from '../../../src/contracts/metrics/promql.js';
import { type Prometheus, startPrometheus } from '../../support/services/prometheus.js';
import { question } from './question.js';

const MINUTE = 60;
/** A whole minute of some hours ago, seconds since 1970: the history ends there. */
const END = Math.floor(Date.now() / 60_000) * MINUTE - 3 * 3_600;
const LABELS = 'lifecycle="kyc",release="r1"';

/** A series of two hours, a sample each minute, in the OpenMetrics text format. */
function series(name: string, labels: string, valueAt: (minute: number) => number): string {
  return Array.from({ length: 121 }, (_, minute) => {
    const value = valueAt(minute);
    return `${name}{${labels}} ${Number.isNaN(value) ? 'NaN' : value} ${END - (120 - minute) * MINUTE}\n`;
  }).join('');
}

const HISTORY = [
  '# TYPE airworthy_cases counter\n',
  series('airworthy_cases_total', LABELS, (minute) => minute * 100),
  series('airworthy_cases_total', `${LABELS},group="age-60+"`, (minute) => minute * 10),
  '# TYPE airworthy_events counter\n',
  series('airworthy_events_total', `${LABELS},metric="errors"`, (minute) => minute * 2),
  series('airworthy_events_total', `${LABELS},metric="errors",group="age-60+"`, (minute) => minute),
  '# TYPE airworthy_value gauge\n',
  series('airworthy_value', `${LABELS},metric="p95"`, (minute) => minute / 100),
  series('airworthy_value', `${LABELS},metric="twice",instance="a"`, () => 1),
  series('airworthy_value', `${LABELS},metric="twice",instance="b"`, () => 2),
  series('airworthy_value', `${LABELS},metric="nan"`, () => Number.NaN),
  '# TYPE latency gauge\n',
  series('latency', 'pod="a"', (minute) => (minute === 100 ? 9 : 1)),
  '# TYPE gaps gauge\n',
  series('gaps', 'pod="a"', (minute) => (minute === 100 ? Number.NaN : 1)),
  '# EOF\n',
].join('');

const DEFINITIONS: { readonly [metric: string]: PromDefinition } = {
  share: {
    count:
      'sum(increase(airworthy_events_total{lifecycle="$lifecycle",metric="errors",group="$group"}[$window]))',
    of: 'sum(increase(airworthy_cases_total{release="$release",group="$group"}[$window]))',
  },
  peak: { value: 'latency', over: { everyMs: 60_000, take: 'max' } },
  mean: { value: 'latency', n: 'vector(12)', over: { everyMs: 60_000, take: 'avg' } },
  scalar: { value: 'scalar(latency)', n: 'vector(40)' },
  'a-text': { value: '"0.1"' },
  'a-matrix': { value: 'latency[5m]' },
  'two-series': { value: 'airworthy_value{metric="twice"}' },
  'two-series-over': { value: 'airworthy_value{metric="twice"}', over: { everyMs: 60_000, take: 'max' } },
  nan: { value: 'vector(NaN)' },
  infinite: { count: 'vector(1) / vector(0)', of: 'vector(3)' },
  'nan-inside': { value: 'gaps', over: { everyMs: 60_000, take: 'max' } },
  nothing: { value: 'no_such_series' },
  'nothing-over': { value: 'no_such_series', over: { everyMs: 60_000, take: 'last' } },
  wrong: { value: 'sum(' },
  'more-than-all': { count: 'vector(4)', of: 'vector(3)' },
  'no-case': { value: 'vector(0) / vector(0)', n: 'vector(0)' },
};

let prometheus: Prometheus;
beforeAll(async () => {
  prometheus = await startPrometheus({ history: HISTORY });
}, 120_000);
afterAll(() => prometheus?.stop());

const source = () =>
  createPrometheusSource({
    id: 'prometheus',
    url: prometheus.url,
    egress: createOwnEgress(prometheus.url, []),
    timeoutMs: 10_000,
    metrics: DEFINITIONS,
  });

const asked = async (...metrics: string[]) => source().query(question(END * 1_000, ...metrics));

describe('a real Prometheus', () => {
  test('counts events of cases by the convention, for all and for a group', async () => {
    const [all, group] = await asked('errors', 'errors/age-60+');
    expect(all).toMatchObject({ metric: 'errors', group: null, count: expect.closeTo(120, 5), value: null });
    expect(all?.n).toBeCloseTo(6_000, 5);
    expect(group).toMatchObject({
      group: 'age-60+',
      count: expect.closeTo(60, 5),
      n: expect.closeTo(600, 5),
    });
  });

  test('has a value by the convention, with the cases of the window behind it', async () => {
    expect(await asked('p95')).toMatchObject([{ count: null, value: 1.2, n: expect.closeTo(6_000, 5) }]);
  });

  test('is asked as a definition says, and the sample says how', async () => {
    expect(await asked('share/age-60+')).toMatchObject([
      {
        count: expect.closeTo(60, 5),
        n: expect.closeTo(600, 5),
        asked: {
          source: 'prometheus',
          queries: {
            count:
              'sum(increase(airworthy_events_total{lifecycle="kyc",metric="errors",group="age-60+"}[1h]))',
            of: 'sum(increase(airworthy_cases_total{release="r1",group="age-60+"}[1h]))',
          },
        },
      },
    ]);
  });

  test('is asked over a whole window, with the measurements of it counted where nobody else does', async () => {
    expect(await asked('peak', 'mean')).toMatchObject([
      {
        metric: 'peak',
        value: 9,
        n: 60,
        asked: { queries: { value: 'latency', over: 'max every 60000 ms' } },
      },
      { metric: 'mean', value: expect.closeTo((59 + 9) / 60, 9), n: 12 },
    ]);
  });

  test('may answer with a scalar', async () => {
    expect(await asked('scalar')).toMatchObject([{ value: 1, n: 40 }]);
  });

  test.each([
    ['a-text', 'no-single-number'],
    ['a-matrix', 'no-single-number'],
    ['two-series', 'several-series'],
    ['two-series-over', 'several-series'],
    ['twice', 'several-series'],
    ['nan', 'not-a-number'],
    ['infinite', 'not-a-number'],
    ['nan-inside', 'not-a-number'],
    ['more-than-all', 'not-a-number'],
    ['wrong', 'bad-query'],
  ])('answers %s with no number, which is said: %s', async (metric, doubt) => {
    const [sample, other] = await asked(metric, 'peak');
    expect(sample).toMatchObject({ metric, count: null, value: null, doubt });
    expect(other).toMatchObject({ metric: 'peak', value: 9 });
  });

  test('has no sample of what it knows nothing of', async () => {
    expect(await asked('nothing', 'nothing-over', 'no-such-metric')).toEqual([]);
  });

  test('that counted no case has measured that, whatever a quotient of nothing is', async () => {
    expect(await asked('no-case')).toMatchObject([{ value: null, n: 0 }]);
    expect((await asked('no-case'))[0]).not.toHaveProperty('doubt');
  });

  test('gives alerting rules the numbers that the guard judges', async () => {
    const at = END * 1_000;
    for (const metric of ['errors', 'errors/age-60+', 'p95', 'share', 'peak', 'mean']) {
      const [name = '', group = null] = metric.split('/');
      const [sample] = await asked(metric);
      const window = 3_600_000;
      const scope = { metric: name, group, lifecycle: 'kyc', release: 'r1', window };
      const { value, n } = instantQueries(promqlFor(DEFINITIONS[name], scope), window);
      const answer = await instant(value, at / 1_000);
      const judged = sample?.count == null ? sample?.value : sample.count / sample.n;
      // A subquery of older releases has the point at which its window begins, too.
      expect(answer).toBeCloseTo(judged ?? Number.NaN, metric === 'mean' ? 2 : 6);
      if (n !== null) expect(Math.abs((await instant(n, at / 1_000)) - (sample?.n ?? 0))).toBeLessThan(1.001);
    }
  });
});

async function instant(promql: string, at: number): Promise<number> {
  const parameters = new URLSearchParams({ query: promql, time: String(at) });
  const response = await fetch(`${prometheus.url}/api/v1/query?${parameters.toString()}`);
  const body = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  expect(body.data.result).toHaveLength(1);
  return Number(body.data.result[0]?.value[1]);
}
