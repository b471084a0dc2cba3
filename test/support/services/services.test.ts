import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../eventually.js';
import { startAlertmanager } from './alertmanager.js';
import { startExporter } from './exporter.js';
import { startMlflow } from './mlflow.js';
import { promtool, startPrometheus } from './prometheus.js';

// Generous: starting takes seconds, and longer on a busy machine.
const WITHIN = { timeout: 120_000 };

interface Told {
  authorization: string | undefined;
  body: { version: string; status: string; alerts: { status: string; labels: Record<string, string> }[] };
}

/** A webhook of loopback that keeps what it is told. */
async function webhook(): Promise<{ url: string; told: Told[] }> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization } = request.headers;
      told.push({ authorization, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
      response.writeHead(200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

const rules = `
groups:
  - name: errors
    rules:
      - alert: TooManyErrors
        expr: errors_total > 3
        labels: { airworthy_lifecycle: uc-1 }
`;

test(
  'an exporter moves a real Prometheus, whose rule fires and recovers at a real Alertmanager, and at a webhook',
  WITHIN,
  async () => {
    const { url, told } = await webhook();
    const exporter = await startExporter();
    onTestFinished(() => exporter.close());
    const alertmanager = await startAlertmanager({
      webhook: { url, token: 'a-token' },
      repeatEveryMs: 1_000,
    });
    onTestFinished(() => alertmanager.stop());
    const prometheus = await startPrometheus({
      rules,
      scrape: [exporter.url],
      alertmanager: alertmanager.url,
    });
    onTestFinished(() => prometheus.stop());

    exporter.add('errors_total', { release: 'r"1' }, 4);
    const firing = await eventually('a firing alert', () =>
      told.find(({ body }) => body.status === 'firing'),
    );
    expect(firing.authorization).toBe('Bearer a-token');
    expect(firing.body.version).toBe('4');
    expect(firing.body.alerts[0]?.labels).toMatchObject({ airworthy_lifecycle: 'uc-1', release: 'r"1' });
    await eventually('the same alert again', () => told.length > 2);

    exporter.set('errors_total', { release: 'r"1' }, 0);
    await eventually('a resolved alert', () => told.some(({ body }) => body.status === 'resolved'));
    expect(await prometheus.query('errors_total')).toMatchObject({
      resultType: 'vector',
      result: [{ value: [expect.any(Number), '0'] }],
    });
  },
);

test('a Prometheus begins with a history, and says what is wrong with rules', WITHIN, async () => {
  const now = Math.floor(Date.now() / 1000);
  const history = `# TYPE cases counter\ncases_total 10 ${now - 7200}\ncases_total 25 ${now - 3600}\n# EOF\n`;
  const prometheus = await startPrometheus({ history });
  onTestFinished(() => prometheus.stop());
  const { result } = await prometheus.query(`cases_total @ ${now - 3600}`);
  expect(result).toMatchObject([{ value: [expect.any(Number), '25'] }]);
  await expect(
    prometheus.loadRules('groups: [{name: a, rules: [{alert: B, expr: "sum("}]}]'),
  ).rejects.toThrow('does not load these rules');
  expect(await promtool('--version')).toMatchObject({
    ok: true,
    output: expect.stringContaining('promtool, version'),
  });
});

test('an MLflow has a registry in which an alias names a version', WITHIN, async () => {
  const mlflow = await startMlflow();
  onTestFinished(() => mlflow.stop());
  await mlflow.registerModel('triage', 2);
  await mlflow.post('registered-models/alias', { name: 'triage', alias: 'production', version: '2' });
  expect(await mlflow.get('registered-models/alias', { name: 'triage', alias: 'production' })).toMatchObject({
    model_version: { name: 'triage', version: '2' },
  });
  await expect(mlflow.get('registered-models/get', { name: 'nobody' })).rejects.toThrow(
    'RESOURCE_DOES_NOT_EXIST',
  );
});
