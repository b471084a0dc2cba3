import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createPrometheusSource } from '../../../src/adapters/metrics/prometheus-source.js';
import { parseForm } from '../../../src/contracts/form.js';
import { metricSourcesForm } from '../../../src/contracts/metric-sources.js';
import { CONVENTION } from '../../../src/contracts/metrics/promql.js';
import { readYaml } from '../../../src/contracts/yaml-source.js';
import { inCheckout } from '../../../src/main/checkout.js';
import { eventually } from '../../support/eventually.js';
import { startExporter } from '../../support/services/exporter.js';
import { startPrometheus } from '../../support/services/prometheus.js';
import { question } from './question.js';

const howTo = readFileSync(inCheckout('docs', 'howto', 'metric-sources.md'), 'utf8');

function sourcesOfHowTo() {
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(howTo) ?? [];
  const yaml = readYaml('metrics.yaml', text);
  const parsed = yaml.ok && parseForm(metricSourcesForm, yaml.source.value);
  if (parsed === false || !parsed.ok)
    throw new Error(`the file of the how-to is none: ${JSON.stringify(parsed)}`);
  return parsed.value.sources;
}

it('a real Prometheus takes the queries of the how-to, and answers from the series that it shows', {
  timeout: 120_000,
}, async () => {
  const [prometheus, desk] = sourcesOfHowTo();
  expect(desk).toMatchObject({ kind: 'json', metrics: { 'complaint-rate': { of: '/totals/cases' } } });
  if (prometheus?.kind !== 'prometheus') throw new Error('the first is a Prometheus');

  const exporter = await startExporter();
  onTestFinished(() => exporter.close());
  const server = await startPrometheus({ scrape: [exporter.url] });
  onTestFinished(() => server.stop());
  const { url } = server;
  const source = createPrometheusSource({
    ...{ id: 'prometheus', url, timeoutMs: 10_000, metrics: prometheus.metrics },
    egress: createOwnEgress(url, []),
  });
  const refused = await source.query(question(Date.now(), ...Object.keys(prometheus.metrics)));
  expect(refused.filter(({ doubt }) => doubt !== undefined)).toEqual([]);

  const shown = [
    ...howTo.matchAll(/^(\w+)\{lifecycle="kyc-onboarding",release="r1"(?:,metric="([\w-]+)")?\}/gm),
  ];
  expect(shown.map(([, name]) => name).sort()).toEqual(Object.values(CONVENTION).sort());
  const expose = (factor: number) => {
    for (const [, name = '', metric] of shown) {
      const labels = { lifecycle: 'kyc', release: 'r1', ...(metric && { metric: `own-${metric}` }) };
      exporter.set(
        name,
        labels,
        name === CONVENTION.value ? 3.7 : name === CONVENTION.cases ? 100 * factor : factor,
      );
    }
  };
  expose(0);
  await eventually('a first scrape', async () => (await server.query(CONVENTION.cases)).result.length === 1);
  expose(3);
  const samples = await eventually('what was counted', async () => {
    const own = question(Date.now(), 'own-false-accept-rate', 'own-minutes-to-decide-p95');
    const answer = await source.query(own);
    return answer.length === 2 && answer.every(({ n }) => n > 100) && answer;
  });
  const [rate, value] = samples;
  expect((rate?.count ?? 0) / (rate?.n ?? 0)).toBeCloseTo(0.01, 6);
  expect(value).toMatchObject({ count: null, value: 3.7 });
});
