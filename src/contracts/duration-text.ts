/** Durations as people write them in models and specs, each field taking one kind. */
import { z } from 'zod';
import type { BusinessDuration } from '../domain/calendar/calendar.js';
import { type Duration, parseDuration } from '../domain/calendar/duration.js';

const written = (kinds: readonly Duration['kind'][], error: string) =>
  z.string({ error }).refine(
    (text) => {
      const duration = parseDuration(text);
      return duration !== undefined && kinds.includes(duration.kind) && !/^0+\D/.test(text);
    },
    // Checks across fields read durations, so they must not run on one that is none.
    { error, abort: true },
  );

/** Working time: `1bd`, `8bh`. */
export const businessTime = written(['business'], 'write working time, such as 1bd (days) or 8bh (hours)');

/** Elapsed time: `14d`, `24h`, `10min`. */
export const elapsedTime = written(['elapsed'], 'write elapsed time, such as 14d, 24h or 10min');

/** Working or elapsed time, for what a person does. */
export const personTime = written(
  ['business', 'elapsed'],
  'write working time (1bd, 4bh) or elapsed time (30min, 2d)',
);

/** Reads what `businessTime` accepted; throws RangeError on anything else. */
export function businessOf(text: string): BusinessDuration {
  const duration = parseDuration(text);
  if (duration?.kind !== 'business')
    throw new RangeError(`"${text}" is no working time; parse the form first`);
  return { unit: duration.unit, n: duration.n };
}

/** Milliseconds of what `elapsedTime` accepted; throws RangeError on anything else. */
export function elapsedOf(text: string): number {
  const duration = parseDuration(text);
  if (duration?.kind !== 'elapsed')
    throw new RangeError(`"${text}" is no elapsed time; parse the form first`);
  return duration.ms;
}
