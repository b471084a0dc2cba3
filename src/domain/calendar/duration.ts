import type { BusinessDuration } from './calendar.js';

/** A span of time as policy writes it: in working time, in elapsed time, or in months of the local calendar. */
export type Duration =
  | ({ readonly kind: 'business' } & BusinessDuration)
  | { readonly kind: 'elapsed'; readonly ms: number }
  | { readonly kind: 'calendar-months'; readonly n: number };

const ELAPSED_MS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const WRITTEN = /^(\d{1,9})(bd|bh|bmin|bs|ms|s|min|h|d|mo|y)$/;

type Unit = BusinessDuration['unit'] | keyof typeof ELAPSED_MS | 'mo' | 'y';

/** Reads `3bd`, `8bh`, `5bmin`, `30bs`, `200ms`, `10s`, `30min`, `24h`, `14d`, `12mo`, `1y`; undefined otherwise. */
export function parseDuration(written: string): Duration | undefined {
  const match = WRITTEN.exec(written);
  if (match === null) return undefined;
  const n = Number(match[1]);
  const unit = match[2] as Unit;
  switch (unit) {
    case 'bd':
    case 'bh':
    case 'bmin':
    case 'bs':
      return { kind: 'business', unit, n };
    case 'ms':
    case 's':
    case 'min':
    case 'h':
    case 'd':
      return elapsed(n * ELAPSED_MS[unit]);
    case 'mo':
      return { kind: 'calendar-months', n };
    case 'y':
      return { kind: 'calendar-months', n: n * 12 };
    default: {
      const unknown: never = unit;
      return unknown;
    }
  }
}

function elapsed(ms: number): Duration | undefined {
  return Number.isSafeInteger(ms) ? { kind: 'elapsed', ms } : undefined;
}
