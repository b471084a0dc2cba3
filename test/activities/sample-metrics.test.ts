import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { createSampleMetrics } from '../../src/activities/sample-metrics.js';
import type { Activities } from '../../src/activities/types.js';
import type { Sample } from '../../src/domain/release/verdict.js';
import type { Measured, MetricQuery, MetricSource } from '../../src/ports/metric-source.js';
import { digest } from '../support/lifecycle.js';
import { MemoryDocuments } from '../support/memory-documents.js';

type Work = Parameters<Activities['sampleMetrics']>[0];

const WORK: Work = {
  key: 'kyc/verify/r1/1/100',
  lifecycle: 'kyc',
  team: 'retail',
  release: digest('release'),
  label: 'r1',
  step: 'canary-25',
  since: 10,
  to: 100,
  metrics: [
    { metric: 'errors', by: [], from: 40 },
    { metric: 'errors', by: [], from: 40 },
    { metric: 'errors', by: [], from: 10 },
    { metric: 'gap', by: ['a', 'b'], from: 40 },
  ],
};

const asked = { source: 'prometheus', queries: { count: 'x', of: 'y' } };
const sampleOf = ({ metric, by }: MetricQuery['metrics'][number]): Measured => ({
  metric,
  group: by,
  count: 1,
  value: null,
  n: 9,
  ...(metric === 'errors' && { asked }),
});

function sourceThat(remembers: MetricQuery[]): MetricSource {
  return {
    query: async (query) => {
      remembers.push(query);
      return query.metrics.map(sampleOf);
    },
  };
}

function sample(documents: MemoryDocuments, queries: MetricQuery[] = []) {
  const { sampleMetrics } = createSampleMetrics(sourceThat(queries), documents);
  if (!sampleMetrics) throw new Error('it is made');
  return new MockActivityEnvironment().run<[Work], readonly Sample[], typeof sampleMetrics>(
    sampleMetrics,
    WORK,
  );
}

it('asks once for each window and metric, and says of each sample where its window begins', async () => {
  const queries: MetricQuery[] = [];
  const samples = await sample(new MemoryDocuments(), queries);
  expect(queries.map(({ from, to, team, metrics }) => [from, to, team, metrics])).toEqual([
    [
      40,
      100,
      'retail',
      [
        { metric: 'errors', by: null },
        { metric: 'gap', by: 'a' },
        { metric: 'gap', by: 'b' },
      ],
    ],
    [10, 100, 'retail', [{ metric: 'errors', by: null }]],
  ]);
  expect(samples.map(({ metric, group, from }) => [metric, group, from])).toEqual([
    ['errors', null, 40],
    ['gap', 'a', 40],
    ['gap', 'b', 40],
    ['errors', null, 10],
  ]);
});

it('keeps what was asked as a document of the lifecycle, and gives its digest', async () => {
  const documents = new MemoryDocuments();
  const [errors, gap] = await sample(documents);
  expect(documents.stored.size).toBe(1);
  expect(documents.stored.get(errors?.query ?? '')).toEqual({
    document: asked,
    filing: { lifecycle: 'kyc' },
  });
  expect(errors).not.toHaveProperty('asked');
  expect(gap).not.toHaveProperty('query');
});

it('measures without the documents where these are away', async () => {
  const documents = new MemoryDocuments();
  documents.down = true;
  const samples = await sample(documents);
  expect(samples).toHaveLength(4);
  expect(samples[0]).not.toHaveProperty('query');
});
