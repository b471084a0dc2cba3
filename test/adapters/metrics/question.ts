import type { MetricQuery } from '../../../src/ports/metric-source.js';
import { digest } from '../../support/lifecycle.js';

/** A question about the last hour before `to`, for all cases together or for groups written as `metric/group`. */
export function question(to: number, ...metrics: string[]): MetricQuery {
  const from = to - 3_600_000;
  return {
    lifecycle: 'kyc',
    release: digest('release'),
    label: 'r1',
    step: 'live',
    since: from,
    from,
    to,
    metrics: metrics.map((each) => {
      const [metric = '', by = null] = each.split('/');
      return { metric, by };
    }),
  };
}
