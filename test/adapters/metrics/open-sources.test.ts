import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSources } from '../../../src/adapters/metrics/open-sources.js';
import { MetricsUnavailable } from '../../../src/ports/metric-source.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { question } from './question.js';
import { startUnwellSource } from './unwell.js';

const NOW = Date.UTC(2027, 2, 1, 9);
const own = JSON.stringify({ samples: [{ metric: 'm', group: null, count: 1, value: null, n: 9 }] });

async function file(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'metrics.yaml');
  await writeFile(path, text);
  return path;
}

const open = (path: string, variables = {}) => openSources({ path, variables, privateNetworks: [] });

test('each metric is asked where it is measured, in the words of that source', async () => {
  const desk = await startUnwellSource(() => ({ status: 200, body: '{"csat": 4}' }));
  const rest = await startUnwellSource(() => ({ status: 200, body: own }));
  const sources = await open(
    await file(`
sources:
  - {id: desk, kind: json, url: "${desk.url}", bearer: {env: DESK}, metrics: {csat: {get: /csat, value: /csat}}}
  - {id: rest, kind: json, url: "${rest.url}", teams: [retail]}
`),
    { DESK: 'secret' },
  );
  const asked = { ...question(NOW, 'csat', 'm'), team: 'retail' };
  expect(await sources.query(asked)).toMatchObject([
    { metric: 'csat', value: 4 },
    { metric: 'm', n: 9 },
  ]);
  expect(desk.asked).toMatchObject([{ url: '/csat', authorization: 'Bearer secret' }]);
  expect(rest.asked.map(({ url, body }) => [url, JSON.parse(body).metrics])).toEqual([
    ['/query', [{ metric: 'm', by: null }]],
  ]);
  expect(await sources.query(question(NOW, 'm'))).toEqual([]);
});

test('a source that is away is a doubt about its own metrics; when all are away, there is no answer', async () => {
  const desk = await startUnwellSource(() => ({ status: 200, body: '{"csat": 4}' }));
  const sources = await open(
    await file(`
sources:
  - {id: desk, kind: json, url: "${desk.url}", metrics: {csat: {get: /csat, value: /csat}}}
  - {id: away, kind: prometheus, url: "http://127.0.0.1:9"}
`),
  );
  expect(await sources.query(question(NOW, 'm/a', 'csat'))).toMatchObject([
    { metric: 'm', group: 'a', doubt: 'unavailable' },
    { metric: 'csat', value: 4 },
  ]);
  desk.reply = () => ({ status: 500, body: '' });
  await expect(sources.query(question(NOW, 'm', 'csat'))).rejects.toThrow(MetricsUnavailable);
});

test('a file or a secret that is missing is said at once', async () => {
  await expect(open('/nowhere/metrics.yaml')).rejects.toThrow(/ENOENT/);
  await expect(open(await file('sources: []'))).rejects.toThrow(/metrics.yaml:1/);
  const path = await file(
    'sources: [{id: p, kind: prometheus, url: "http://127.0.0.1:9", bearer: {env: PROM_TOKEN}}]',
  );
  await expect(open(path)).rejects.toThrow(/PROM_TOKEN is not set/);
});

test('a file that was written to is read again; while it is wrong, nobody can be asked', async () => {
  const desk = await startUnwellSource(() => ({ status: 200, body: '{"v": 4}' }));
  const written = (metric: string) =>
    `sources: [{id: desk, kind: json, url: "${desk.url}", metrics: {${metric}: {get: /x, value: /v}}}]`;
  const path = await file(written('one'));
  const sources = await open(path);
  expect(await sources.query(question(NOW, 'one', 'other'))).toHaveLength(1);
  await writeFile(path, 'sources: nothing');
  await expect(sources.query(question(NOW, 'one'))).rejects.toThrow(/metric sources file cannot be used/);
  await writeFile(path, written('other'));
  expect(await sources.query(question(NOW, 'one', 'other'))).toMatchObject([{ metric: 'other' }]);
});

test('an address in a private network is called only where that is allowed', async () => {
  const path = await file('sources: [{id: p, kind: prometheus, url: "http://10.1.2.3:9090"}]');
  await expect((await open(path)).query(question(NOW, 'm'))).rejects.toThrow(MetricsUnavailable);
});
