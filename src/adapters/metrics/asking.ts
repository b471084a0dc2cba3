import { MetricsUnavailable } from '../../ports/metric-source.js';
import { reason } from '../system-error.js';

/** What a source at a place answers. Throws the signal's reason, and `MetricsUnavailable` where there is no answer. */
export async function heardFrom<A>(
  place: string,
  signal: AbortSignal | undefined,
  call: () => Promise<A>,
): Promise<A> {
  try {
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    throw new MetricsUnavailable(`${place} gave no answer: ${reason(error)}`, { cause: error });
  }
}
