import { Context } from '@temporalio/activity';
import type { MetricWindow } from '../domain/lifecycle/work.js';
import type { Documents } from '../ports/documents.js';
import type { MetricQuery, MetricSource } from '../ports/metric-source.js';
import { recordQueries } from './record-queries.js';
import type { Activities } from './types.js';

type Question = MetricQuery['metrics'][number];

/** One question per group a clause is judged by, or one for all cases together. */
function questions({ metric, by }: MetricWindow): Question[] {
  return by.length === 0 ? [{ metric, by: null }] : by.map((group) => ({ metric, by: group }));
}

/** Several clauses may judge one metric. */
function once(questions: readonly Question[]): Question[] {
  return [...new Map(questions.map((question) => [JSON.stringify(question), question])).values()];
}

/** Asks the metric source for every window of a verification; what it does not know is simply not there. */
export function createSampleMetrics(
  source: MetricSource,
  documents: Documents,
): Pick<Activities, 'sampleMetrics'> {
  return {
    sampleMetrics: async ({ lifecycle, team, release, label, step, since, to, metrics }) => {
      const { cancellationSignal } = Context.current();
      const starts = [...new Set(metrics.map(({ from }) => from))];
      const answers = starts.map(async (from) => {
        const asked = once(metrics.filter((window) => window.from === from).flatMap(questions));
        const query = { lifecycle, team, release, label, step, since, from, to, metrics: asked };
        const measured = await source.query(query, cancellationSignal);
        return measured.map((sample) => ({ ...sample, from }));
      });
      return recordQueries(documents, lifecycle, (await Promise.all(answers)).flat());
    },
  };
}
