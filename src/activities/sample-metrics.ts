import { Context } from '@temporalio/activity';
import type { MetricWindow } from '../domain/lifecycle/work.js';
import type { MetricSource } from '../ports/metric-source.js';
import type { Activities } from './types.js';

/** One question per group a clause is judged by, or one for all cases together. */
function questions({ metric, by }: MetricWindow): { metric: string; by: string | null }[] {
  return by.length === 0 ? [{ metric, by: null }] : by.map((group) => ({ metric, by: group }));
}

/** Asks the metric source for every window of a verification; what it does not know is simply not there. */
export function createSampleMetrics(source: MetricSource): Pick<Activities, 'sampleMetrics'> {
  return {
    sampleMetrics: async ({ lifecycle, release, label, step, since, to, metrics }) => {
      const { cancellationSignal } = Context.current();
      const starts = [...new Set(metrics.map(({ from }) => from))];
      const answers = starts.map((from) => {
        const asked = metrics.filter((window) => window.from === from).flatMap(questions);
        const query = { lifecycle, release, label, step, since, from, to, metrics: asked };
        return source.query(query, cancellationSignal);
      });
      return (await Promise.all(answers)).flat();
    },
  };
}
