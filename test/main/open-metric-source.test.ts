import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvironment } from '../../src/main/environment.js';
import { openMetricDefinitions, openMetricSource } from '../../src/main/open-metric-source.js';
import { OperatorError } from '../../src/main/operator-error.js';
import { question } from '../adapters/metrics/question.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const NOW = Date.UTC(2027, 2, 1, 9);

async function settingsWithFile(text: string) {
  const path = join(await temporaryFolder(), 'metrics.yaml');
  await writeFile(path, text);
  return { AIRWORTHY_METRIC_SOURCES: path, AIRWORTHY_METRICS_URL: 'http://127.0.0.1:9/metrics' };
}

it('is that of the file where there is a file, with secrets from the variables', async () => {
  const settings = readEnvironment(
    await settingsWithFile(
      'sources: [{id: p, kind: prometheus, url: "http://127.0.0.1:19", bearer: {env: T}}]',
    ),
  );
  const source = await openMetricSource(settings, { T: 'token' });
  await expect(source.query(question(NOW, 'm'))).rejects.toThrow(/127\.0\.0\.1:19/);
  await expect(openMetricSource(settings, {})).rejects.toThrow(/^AIRWORTHY_METRIC_SOURCES=.*T is not set/);
  expect((await (await openMetricDefinitions(settings))())?.sources).toMatchObject([{ id: 'p' }]);
});

it('is that of the address otherwise, and rules are made by the convention', async () => {
  const settings = readEnvironment({ AIRWORTHY_METRICS_URL: 'http://127.0.0.1:9/metrics' });
  const source = await openMetricSource(settings);
  await expect(source.query(question(NOW, 'm'))).rejects.toThrow(
    /127\.0\.0\.1:9\/metrics\/query gave no answer/,
  );
  expect(await (await openMetricDefinitions(settings))()).toBeUndefined();
});

it('is none without either, or with a file that is wrong, which is said at start', async () => {
  await expect(openMetricSource(readEnvironment({}))).rejects.toThrow(
    /^AIRWORTHY_METRIC_SOURCES and AIRWORTHY_METRICS_URL are not set: name where/,
  );
  const wrong = readEnvironment(await settingsWithFile('sources: [{id: p, kind: graphite}]'));
  for (const opening of [openMetricSource(wrong), openMetricDefinitions(wrong)]) {
    await expect(opening).rejects.toThrow(OperatorError);
    await expect(opening).rejects.toThrow(/metrics.yaml:1:.*"prometheus" or "json"/);
  }
});
