import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/domain/calendar/duration.js';

describe('a written duration', () => {
  it.each([
    ['3bd', { kind: 'business', unit: 'bd', n: 3 }],
    ['8bh', { kind: 'business', unit: 'bh', n: 8 }],
    ['5bmin', { kind: 'business', unit: 'bmin', n: 5 }],
    ['30bs', { kind: 'business', unit: 'bs', n: 30 }],
    ['24h', { kind: 'elapsed', ms: 86_400_000 }],
    ['30min', { kind: 'elapsed', ms: 1_800_000 }],
    ['14d', { kind: 'elapsed', ms: 1_209_600_000 }],
    ['3d', { kind: 'elapsed', ms: 259_200_000 }],
    ['10s', { kind: 'elapsed', ms: 10_000 }],
    ['200ms', { kind: 'elapsed', ms: 200 }],
    ['12mo', { kind: 'calendar-months', n: 12 }],
    ['2y', { kind: 'calendar-months', n: 24 }],
  ])('%s is read', (written, duration) => {
    expect(parseDuration(written)).toEqual(duration);
  });

  it.each(['', '3', 'bd', '3 bd', '-1d', '1.5h', '3m', '3BD', '3bd ', '1h30min', '999999999d', '٣d'])(
    '"%s" is not',
    (written) => {
      expect(parseDuration(written)).toBeUndefined();
    },
  );
});
