import { describe, expect, it, onTestFinished } from 'vitest';
import { openDemoMetrics } from '../../src/adapters/demo-metrics/server.js';
import { serveDemo } from '../../src/adapters/demo-server.js';
import { createHttpMetricSource } from '../../src/adapters/http-metric-source.js';
import { digestOf } from '../../src/domain/digest.js';
import { type MetricQuery, MetricsUnavailable } from '../../src/ports/metric-source.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const DAY = 86_400_000;
const SINCE = Date.UTC(2026, 10, 23);

async function serve(folder: string) {
  const demo = await openDemoMetrics(folder);
  const server = await serveDemo({ '/metrics': demo.router }, 0);
  const baseUrl = `http://127.0.0.1:${server.port}/metrics`;
  onTestFinished(() => server.close());
  const call = async (method: string, path: string, body: unknown): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(baseUrl + path, { method, headers, body: JSON.stringify(body) })).status;
  };
  return {
    close: server.close,
    source: createHttpMetricSource({ baseUrl, timeoutMs: 2_000 }),
    load: (series: unknown[], timeScale = 1, lifecycle = 'kyc') =>
      call('PUT', `/series/${encodeURIComponent(lifecycle)}`, { timeScale, series }),
    arm: (fault: object) => call('POST', '/faults', fault),
  };
}

const falseAccepts = {
  release: 'r1',
  step: 'canary-25',
  metric: 'false-accept-rate',
  points: [
    { after: '36h', count: 1, n: 1_000 },
    { after: '3d', count: 2, n: 2_000 },
    { after: '4d', count: 3, n: 3_000 },
  ],
};

/** A query of the canary for one metric, over the days (from, to] since it began. */
function query(fromDay: number, toDay: number, change: Partial<MetricQuery> = {}): MetricQuery {
  return {
    lifecycle: 'kyc',
    release: digestOf('release 1'),
    label: 'r1',
    step: 'canary-25',
    metrics: [{ metric: 'false-accept-rate', by: null }],
    since: SINCE,
    from: SINCE + fromDay * DAY,
    to: SINCE + toDay * DAY,
    ...change,
  };
}

describe('the demo metric source', () => {
  it('sums the increments of a window, its end included and its beginning not', async () => {
    const { source, load } = await serve(await temporaryFolder());
    expect(await load([falseAccepts])).toBe(200);
    const metric = 'false-accept-rate';
    expect(await source.query(query(0, 3))).toEqual([
      { metric, group: null, count: 3, n: 3_000, value: 0.001 },
    ]);
    expect(await source.query(query(3, 6))).toEqual([
      { metric, group: null, count: 3, n: 3_000, value: 0.001 },
    ]);
    expect(await source.query(query(0, 1))).toEqual([{ metric, group: null, count: 0, n: 0, value: null }]);
  });

  it('lets time pass faster by the scale, from whenever the step began', async () => {
    const { source, load } = await serve(await temporaryFolder());
    await load([falseAccepts], 1e-5);
    const since = SINCE + 12_345;
    const threeDays = 3 * DAY * 1e-5;
    const first = query(0, 0, { since, from: since, to: since + threeDays });
    expect(await source.query(first)).toMatchObject([{ count: 3, n: 3_000 }]);
    expect(await source.query({ ...first, to: since + threeDays - 1 })).toMatchObject([
      { count: 1, n: 1_000 },
    ]);
  });

  it('weighs values by the cases behind them', async () => {
    const { source, load } = await serve(await temporaryFolder());
    const points = [
      { after: '1h', value: 0.9, n: 100 },
      { after: '2h', value: 0.98, n: 300 },
    ];
    await load([{ ...falseAccepts, metric: 'tone', points }]);
    const [sample] = await source.query(query(0, 1, { metrics: [{ metric: 'tone', by: null }] }));
    expect(sample).toMatchObject({ metric: 'tone', count: null, n: 400 });
    expect(sample?.value).toBeCloseTo(0.96, 12);
  });

  it('keeps groups apart, and from the whole', async () => {
    const { source, load } = await serve(await temporaryFolder());
    const ofGroup = (by: string, count: number) => ({
      ...falseAccepts,
      by,
      points: [{ after: '1d', count, n: 100 }],
    });
    await load([falseAccepts, ofGroup('under-60', 1), ofGroup('60+', 4), ofGroup('60+', 1)]);
    const metric = 'false-accept-rate';
    const metrics = ['60+', 'under-60', 'skin-tone'].map((by) => ({ metric, by }));
    expect(await source.query(query(0, 3, { metrics }))).toEqual([
      { metric, group: '60+', count: 5, n: 200, value: 0.025 },
      { metric, group: 'under-60', count: 1, n: 100, value: 0.01 },
    ]);
    expect(await source.query(query(0, 3))).toMatchObject([{ group: null, count: 3 }]);
  });

  it('finds a release by label and by digest, and says nothing of another release, step or lifecycle', async () => {
    const { source, load } = await serve(await temporaryFolder());
    await load([falseAccepts, { ...falseAccepts, release: digestOf('release 2'), step: 'canary-25' }]);
    expect(await source.query(query(0, 3, { label: 'r2', release: digestOf('release 2') }))).toHaveLength(1);
    expect(await source.query(query(0, 3, { label: 'r3', release: digestOf('release 3') }))).toEqual([]);
    expect(await source.query(query(0, 3, { step: 'ramp-50' }))).toEqual([]);
    expect(await source.query(query(0, 3, { lifecycle: 'tax' }))).toEqual([]);
    expect(await source.query(query(0, 3, { metrics: [{ metric: 'review-rate', by: null }] }))).toEqual([]);
  });

  it('keeps its series over a restart, and replaces them whole', async () => {
    const folder = await temporaryFolder();
    const first = await serve(folder);
    await first.load([falseAccepts], 1, 'tax/ä');
    await first.close();
    const second = await serve(folder);
    const asked = query(0, 3, { lifecycle: 'tax/ä' });
    expect(await second.source.query(asked)).toMatchObject([{ count: 3 }]);
    await second.load([{ ...falseAccepts, points: [{ after: '1d', count: 0, n: 5 }] }], 1, 'tax/ä');
    expect(await second.source.query(asked)).toMatchObject([{ count: 0, n: 5, value: 0 }]);
  });

  it.each([
    ['working time', { points: [{ after: '3bd', count: 1, n: 1 }] }],
    ['no time at all', { points: [{ after: '0s', count: 1, n: 1 }] }],
    [
      'counts among values',
      {
        points: [
          { after: '1d', count: 1, n: 1 },
          { after: '2d', value: 1, n: 1 },
        ],
      },
    ],
    ['a point with neither', { points: [{ after: '1d', n: 1 }] }],
    ['an unknown field', { groups: ['60+'] }],
  ])('refuses a series with %s', async (_, change) => {
    const { load, source } = await serve(await temporaryFolder());
    expect(await load([{ ...falseAccepts, ...change }])).toBe(422);
    expect(await source.query(query(0, 3))).toEqual([]);
  });
});

describe('a metric source in trouble', () => {
  it('down: is unavailable, then back', async () => {
    const { source, load, arm } = await serve(await temporaryFolder());
    await load([falseAccepts]);
    await arm({ kind: 'down', times: 1 });
    await expect(source.query(query(0, 3))).rejects.toThrow(MetricsUnavailable);
    expect(await source.query(query(0, 3))).toHaveLength(1);
  });

  it('nan: has no value; missing: has no sample', async () => {
    const { source, load, arm } = await serve(await temporaryFolder());
    await load([falseAccepts]);
    await arm({ kind: 'nan', times: 1 });
    expect(await source.query(query(0, 3))).toMatchObject([{ count: null, value: null, n: 3_000 }]);
    await arm({ kind: 'missing', lifecycle: 'kyc', times: 1 });
    expect(await source.query(query(0, 3))).toEqual([]);
  });

  it('is unavailable when nobody listens, and aborts with its caller', async () => {
    const { source, close } = await serve(await temporaryFolder());
    await expect(source.query(query(0, 3), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    await close();
    await expect(source.query(query(0, 3))).rejects.toThrow(MetricsUnavailable);
  });
});
