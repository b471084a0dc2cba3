import type { CompiledSpec } from '../../domain/spec/spec.js';
import type { Spec } from '../spec.js';

/** The metric whose limit says how many cases people must be able to take. */
const REVIEW_RATE = 'review-rate';

/**
 * Hours a day that people need at the review limit, and have. Without a limit on the review rate every case
 * counts; cases that may go to several queues count at the slowest. null where there is no queue or no volume.
 */
export function queueLoad({ queues, casesPerDay, checks }: Spec): CompiledSpec['load'] {
  if (queues === undefined || casesPerDay === undefined) return null;
  const limits = (checks ?? [])
    .filter(({ metric, op }) => metric === REVIEW_RATE && op === '<=')
    .map(({ value }) => value);
  const rate = limits.length === 0 ? 1 : Math.max(...limits);
  const minutes = Math.max(...queues.map(({ minutesPerItem }) => minutesPerItem));
  const needed = rounded((casesPerDay * rate * minutes) / 60);
  const available = rounded(queues.reduce((sum, { hoursPerDay }) => sum + hoursPerDay, 0));
  const share = `${grouped(rounded(rate * 100))} %${limits.length === 0 ? ` (no check limits ${REVIEW_RATE})` : ''}`;
  const arithmetic = `${grouped(casesPerDay)} × ${share} × ${grouped(minutes)} min = ${grouped(needed)} h a day, ${grouped(available)} h available`;
  return { needed, available, arithmetic };
}

/** To the hundredth, so that binary fractions never tip the comparison. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

function grouped(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
