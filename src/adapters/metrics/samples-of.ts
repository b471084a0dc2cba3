import { type Measured, type MetricQuery, MetricsUnavailable } from '../../ports/metric-source.js';
import { doubtful } from './answered-number.js';

type Question = MetricQuery['metrics'][number];

/**
 * The samples of all questions, each asked by itself. One that could not be asked is a doubt, so that what others
 * found is acted on; if none could be asked, throws the first one's `MetricsUnavailable`.
 */
export async function samplesOf(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Measured | undefined>,
): Promise<Measured[]> {
  const asked = await Promise.all(questions.map((question) => answerOf(question, ask)));
  const failures = asked.filter((answer) => answer instanceof MetricsUnavailable);
  const [first] = failures;
  if (first && failures.length === questions.length) throw first;
  return questions.flatMap(({ metric, by }, index) => {
    const one = asked[index];
    return one instanceof MetricsUnavailable ? doubtful({ metric, group: by }, 'unavailable') : (one ?? []);
  });
}

async function answerOf(
  question: Question,
  ask: (question: Question) => Promise<Measured | undefined>,
): Promise<Measured | MetricsUnavailable | undefined> {
  try {
    return await ask(question);
  } catch (error) {
    if (error instanceof MetricsUnavailable) return error;
    throw error;
  }
}
