import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type Alert, alertForm, alertmanagerForm } from '../../../src/contracts/alerts.js';
import { compileSpec } from '../../../src/contracts/compile-spec.js';
import { alertQueries } from '../../../src/contracts/metrics/definitions.js';
import { alertingRules } from '../../../src/contracts/spec/alerting-rules.js';
import { ruleFileText } from '../../../src/contracts/spec/rule-file.js';
import { shipped } from '../../operating-models/shipped-models.js';
import { eventually } from '../../support/eventually.js';
import { startAlertmanager } from '../../support/services/alertmanager.js';
import { startExporter } from '../../support/services/exporter.js';
import { startPrometheus } from '../../support/services/prometheus.js';
import { KYC_SPEC } from './kyc-spec.js';

/** An hour of the spec passes in six seconds. */
const TIME_SCALE = 1 / 600;
const LABELS = { lifecycle: 'kyc-onboarding', release: 'r1' };

/** Takes in what Alertmanager sends, as the API reads it. */
async function startSink() {
  const heard: Alert[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      heard.push(...alertmanagerForm.parse(body).alerts.map((alert) => alertForm.parse(alert)));
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard };
}

test('a real Prometheus finds breach, recovery and silence, and Alertmanager tells them in our words', {
  timeout: 120_000,
}, async () => {
  const { model } = shipped('standard');
  const spec = compileSpec({
    ...KYC_SPEC,
    checks: [
      {
        id: 'c2',
        metric: 'false-accept-rate',
        op: '<=',
        value: 0.1,
        at: ['live'],
        window: '1h',
        minSample: 20,
        onBreach: 'hold',
      },
    ],
  });
  const alerting = alertingRules(spec, alertQueries(undefined), {
    ...LABELS,
    rules: { ...model.rules.governed.high, silence: { after: 7_200_000, effect: 'stopped' } },
    model: { ...model, timeScale: TIME_SCALE },
  });
  const sink = await startSink();
  const exporter = await startExporter();
  onTestFinished(() => exporter.close());
  const alertmanager = await startAlertmanager({ webhook: { url: sink.url } });
  onTestFinished(() => alertmanager.stop());
  const rules = ruleFileText(alerting, 'a test');
  const prometheus = await startPrometheus({ rules, scrape: [exporter.url], alertmanager: alertmanager.url });
  onTestFinished(() => prometheus.stop());

  let failing = 0;
  const traffic = setInterval(() => {
    exporter.add('airworthy_cases_total', LABELS, 10);
    exporter.add('airworthy_events_total', { ...LABELS, metric: 'false-accept-rate' }, failing);
  }, 200);
  onTestFinished(() => clearInterval(traffic));
  const told = (status: Alert['status'], label: 'airworthy_clause' | 'airworthy_silent_clause') =>
    eventually(
      `an alert with ${label} is ${status}`,
      () => sink.heard.find((each) => each.status === status && each.labels[label] !== undefined),
      40_000,
    );

  await eventually('cases are counted', async () => {
    const cases = await prometheus.query('sum(increase(airworthy_cases_total[5s])) > 20');
    return cases.result.length > 0;
  });
  expect(sink.heard).toEqual([]);

  failing = 5;
  const breach = await told('firing', 'airworthy_clause');
  expect(breach.labels).toMatchObject({
    airworthy_lifecycle: 'kyc-onboarding',
    airworthy_release: 'r1',
    airworthy_clause: 'c2',
  });
  expect(Number(breach.annotations.airworthy_value)).toBeGreaterThan(0.1);

  failing = 0;
  const recovery = await told('resolved', 'airworthy_clause');
  expect([recovery.fingerprint, recovery.startsAt]).toEqual([breach.fingerprint, breach.startsAt]);

  exporter.mood = 'fails';
  const silence = await told('firing', 'airworthy_silent_clause');
  expect(silence.labels).toMatchObject({ airworthy_silent_clause: 'c2', airworthy_release: 'r1' });
});
