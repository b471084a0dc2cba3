import { describe, expect, it } from 'vitest';
import { readMlflow } from '../../../src/contracts/evidence-import/mlflow.js';

interface Logged {
  readonly key: string;
  readonly value: unknown;
}

const run = (metrics: readonly Logged[], info: object = {}) => ({
  run: { info: { status: 'FINISHED', end_time: 1_795_536_000_000, ...info }, data: { metrics } },
});
const resultsOf = (metrics: readonly Logged[]) => {
  const read = readMlflow(run(metrics));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.imported.results;
};
const problems = (file: unknown): string[] => {
  const read = readMlflow(file);
  return read.ok ? [] : read.problems.map(({ path, detail }) => `${path.join('.')} ${detail}`);
};

describe('a run of MLflow', () => {
  it('was collected when it ended', () => {
    expect(readMlflow(run([{ key: 'f1', value: 0.9 }]))).toMatchObject({
      imported: { collectedAt: '2026-11-24T16:00:00.000Z' },
    });
  });

  it('says over how many samples: beside the metric, else for all of them', () => {
    const metrics = [
      { key: 'f1', value: 0.985 },
      { key: 'f1.n', value: 400 },
      { key: 'gap/age-60', value: 1.5 },
      { key: 'example_count', value: 4_000 },
    ];
    expect(resultsOf(metrics)).toEqual({
      f1: { value: 0.985, n: 400 },
      'gap/age-60': { value: 1.5, n: 4_000 },
    });
    expect(resultsOf([{ key: 'f1', value: 1 }])).toEqual({ f1: { value: 1 } });
  });

  it('says nothing by what it logs about the machine, and leaves a lone .n a metric', () => {
    const metrics = [
      { key: 'system/cpu_utilization_percentage', value: 88 },
      { key: 'a.n', value: 3 },
    ];
    expect(resultsOf(metrics)).toEqual({ 'a.n': { value: 3 } });
  });

  it.each([
    ['that still runs', run([{ key: 'f1', value: 1 }], { status: 'RUNNING' }), /info\.status is RUNNING/],
    ['that failed', run([{ key: 'f1', value: 1 }], { status: 'FAILED' }), /only a FINISHED run/],
    ['without metrics', run([]), /metrics is empty: the run logged no metric/],
    ['with none logged', { run: { info: { status: 'FINISHED' }, data: {} } }, /metrics is missing/],
    ['with a value that is no number', run([{ key: 'f1', value: 'NaN' }]), /metrics\.0\.value of f1 is NaN/],
    ['with an empty value', run([{ key: 'f1', value: null }]), /of f1 is null/],
    [
      'with two values of one metric',
      run([
        { key: 'f1', value: 1 },
        { key: 'f1', value: 0 },
      ]),
      /metrics\.1\.value is a second value of f1/,
    ],
    ['that is a list of runs', { runs: [] }, /^run is missing/],
  ])('%s is refused', (_what, file, said) => {
    expect(problems(file).join('\n')).toMatch(said);
  });
});
