import {
  type Measured,
  type MetricQuery,
  type MetricSource,
  MetricsUnavailable,
} from '../../ports/metric-source.js';
import { doubtful } from './answered-number.js';

type Question = MetricQuery['metrics'][number];

/** Finds the source of a metric; undefined: nobody measures it. Throws `MetricsUnavailable` where that is not known now. */
export type FindSource = (query: MetricQuery) => Promise<(metric: string) => MetricSource | undefined>;

/**
 * Asks each metric where it is measured. A source that is away is a doubt about its own metrics alone, as long as
 * another answered; if none did, throws the first one's `MetricsUnavailable`.
 */
export function createRoutedSource(find: FindSource): MetricSource {
  return {
    async query(query, signal) {
      const sourceOf = await find(query);
      const bySource = new Map<MetricSource, Question[]>();
      for (const question of query.metrics) {
        const source = sourceOf(question.metric);
        if (source) bySource.set(source, [...(bySource.get(source) ?? []), question]);
      }
      const groups = [...bySource];
      const answers = await Promise.all(
        groups.map(([source, metrics]) => answerOf(source, { ...query, metrics }, signal)),
      );
      const failures = answers.filter((answer) => answer instanceof MetricsUnavailable);
      const [first] = failures;
      if (first && failures.length === groups.length) throw first;
      return groups.flatMap(([, metrics], index) => {
        const answer = answers[index];
        if (Array.isArray(answer)) return answer as readonly Measured[];
        return metrics.map(({ metric, by }) => doubtful({ metric, group: by }, 'unavailable'));
      });
    },
  };
}

async function answerOf(
  source: MetricSource,
  query: MetricQuery,
  signal: AbortSignal | undefined,
): Promise<readonly Measured[] | MetricsUnavailable> {
  try {
    return await source.query(query, signal);
  } catch (error) {
    if (error instanceof MetricsUnavailable) return error;
    throw error;
  }
}
