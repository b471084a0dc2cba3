import { FALSE_COMMITMENTS } from './lifecycle.js';

/** What is measured of r1 once it serves, also while it waits to be accepted: so many of a thousand cases wrong, again and again. */
export const liveSeries = (count: number) =>
  ['full-100', 'live'].map((step) => ({
    release: 'r1',
    step,
    metric: FALSE_COMMITMENTS.metric,
    repeats: '6h',
    points: [{ after: '1h', n: 1_000, count }],
  }));
