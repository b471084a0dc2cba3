import { expect, test } from 'vitest';
import { parseForm } from '../../../src/contracts/form.js';
import { metricSourcesForm } from '../../../src/contracts/metric-sources.js';
import { alertQueries, sourceOf } from '../../../src/contracts/metrics/definitions.js';

const PROMETHEUS = { id: 'prometheus', kind: 'prometheus', url: 'http://prometheus.internal:9090/' };
const JSON_SOURCE = { id: 'desk', kind: 'json', url: 'https://desk.internal' };
const read = (...sources: object[]) => metricSourcesForm.parse({ sources });

test('a file is read with its times in milliseconds and its addresses without a slash at the end', () => {
  const over = { every: '5min', take: 'max' };
  const { sources } = read({ ...PROMETHEUS, timeout: '5s', metrics: { p95: { value: 'x', over } } });
  expect(sources).toEqual([
    {
      ...PROMETHEUS,
      url: 'http://prometheus.internal:9090',
      timeout: 5_000,
      metrics: { p95: { value: 'x', over: { everyMs: 300_000, take: 'max' } } },
    },
  ]);
  expect(read(PROMETHEUS).sources[0]).toMatchObject({ timeout: 10_000, metrics: {} });
});

test.each<[string, object[], RegExp]>([
  ['an unknown kind', [{ ...PROMETHEUS, kind: 'graphite' }], /"prometheus" or "json"/],
  ['an id twice', [PROMETHEUS, PROMETHEUS], /"prometheus" is there twice; rename one/],
  ['a password that is written down', [{ ...PROMETHEUS, bearer: 'abc' }], /\{env: NAME\} or \{file: path\}/],
  ['a patience beyond that of a verification', [{ ...PROMETHEUS, timeout: '1h' }], /100ms to 20s/],
  ['half a rate', [{ ...PROMETHEUS, metrics: { m: { count: 'x' } } }], /is missing; add a text/],
  ['an unknown placeholder', [{ ...PROMETHEUS, metrics: { m: { value: '$who' } } }], /there is no \$who/],
  ['a text without quotes', [{ ...PROMETHEUS, metrics: { m: { value: 'x{a=$step}' } } }], /double quotes/],
  ['PromQL for a json source', [{ ...JSON_SOURCE, metrics: { m: { value: 'x' } } }], /write a JSON pointer/],
  ['another host', [{ ...JSON_SOURCE, metrics: { m: { get: '//evil/x', value: '/v' } } }], /one \//],
  ['no pointer', [{ ...JSON_SOURCE, metrics: { m: { get: '/x', value: 'v' } } }], /JSON pointer/],
])('a file with %s is refused, and says what to write', (_, sources, sentence) => {
  const parsed = parseForm(metricSourcesForm, { sources });
  expect(parsed.ok ? '' : parsed.problems.map(({ detail }) => detail).join('; ')).toMatch(sentence);
});

test('of the sources that fit a lifecycle the first that defines a metric is asked, then the first by convention', () => {
  const { sources } = read(
    { ...PROMETHEUS, id: 'other', lifecycles: ['payments'], metrics: { m: { value: 'x' } } },
    { ...PROMETHEUS, id: 'kyc', teams: ['retail'], metrics: { m: { value: 'x' } } },
    { ...JSON_SOURCE, metrics: { csat: { get: '/csat', value: '/v' } } },
    { ...PROMETHEUS, id: 'rest', lifecycles: ['*'] },
  );
  const asked = (metric: string, team?: string, lifecycle = 'kyc') =>
    sourceOf(sources, { metric, lifecycle, team })?.id;
  expect(asked('m', 'retail')).toBe('kyc');
  expect(asked('m')).toBe('rest');
  expect(asked('m', undefined, 'payments')).toBe('other');
  expect(asked('csat')).toBe('desk');
  expect(asked('constructor')).toBe('rest');
  expect(sourceOf([], { metric: 'm', lifecycle: 'kyc' })).toBeUndefined();
});

test('alerting rules are made by the convention without a file, and not of what no Prometheus measures', () => {
  const scope = { metric: 'csat', group: null, lifecycle: 'kyc', release: 'r1', window: 60_000 };
  expect(alertQueries(undefined)(scope)?.value).toContain('airworthy_value{lifecycle="kyc"');
  const sources = read({ ...JSON_SOURCE, metrics: { csat: { get: '/csat', value: '/v' } } });
  expect(alertQueries(sources)(scope)).toBeNull();
  expect(alertQueries(read({ ...PROMETHEUS, metrics: { csat: { value: 'avg(csat)' } } }))(scope)).toEqual({
    value: 'avg(csat)',
    n: null,
  });
});
