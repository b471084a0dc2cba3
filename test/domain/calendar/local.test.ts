import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { civilDate, dayNumber, plusMonths, weekday } from '../../../src/domain/calendar/civil.js';
import {
  addMonths,
  formatLocal,
  startOfLocalDay,
  toUtc,
  toWall,
} from '../../../src/domain/calendar/local.js';
import { at, cairo, mumbai, newYork, roundTheClock } from './calendars.js';

const epoch = Temporal.PlainDate.from('1970-01-01');

describe('civil dates', () => {
  it('agree with the calendar library over eight centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: -150_000, max: 150_000 }), (day) => {
        const expected = epoch.add({ days: day });
        const date = { year: expected.year, month: expected.month, day: expected.day };
        expect(civilDate(day)).toEqual(date);
        expect(dayNumber(date)).toBe(day);
        expect(weekday(day)).toBe(expected.dayOfWeek - 1);
      }),
      { numRuns: 5_000 },
    );
  });

  it('add months as the library does, keeping to the end of short months', () => {
    const days = fc.integer({ min: -50_000, max: 50_000 });
    fc.assert(
      fc.property(days, fc.integer({ min: -500, max: 500 }), (day, months) => {
        const { year, month, day: date } = epoch.add({ days: day }).add({ months });
        expect(plusMonths(civilDate(day), months)).toEqual({ year, month, day: date });
      }),
    );
  });
});

describe('the start of a local day', () => {
  it('is local midnight, as a freeze window needs it', () => {
    expect(startOfLocalDay(mumbai, 2027, 8, 1)).toEqual({ ok: true, at: Date.parse('2027-07-31T18:30:00Z') });
  });

  it('is the jump where midnight does not exist', () => {
    expect(startOfLocalDay(cairo, 2026, 4, 24)).toEqual({
      ok: true,
      at: at('2026-04-24T01:00[Africa/Cairo]'),
    });
  });

  it('is refused outside the validity, whose closing midnight still counts', () => {
    expect(startOfLocalDay(mumbai, 2032, 1, 1)).toEqual({ ok: true, at: mumbai.validThrough });
    expect(startOfLocalDay(mumbai, 2032, 1, 2)).toMatchObject({ ok: false, calendar: 'in-mumbai' });
    expect(startOfLocalDay(mumbai, 2025, 12, 31)).toMatchObject({ ok: false, validFrom: mumbai.validFrom });
  });
});

describe('months', () => {
  it('keep the wall time over changes of the clock', () => {
    expect(addMonths(newYork, at('2026-02-15T10:00[America/New_York]'), 3)).toEqual({
      ok: true,
      at: at('2026-05-15T10:00[America/New_York]'),
    });
  });

  it('end with the month where the day does not exist', () => {
    expect(addMonths(mumbai, at('2027-11-30T09:00[Asia/Kolkata]'), 3)).toEqual({
      ok: true,
      at: at('2028-02-29T09:00[Asia/Kolkata]'),
    });
  });

  it('are refused beyond the validity', () => {
    expect(addMonths(mumbai, at('2031-06-01T09:00[Asia/Kolkata]'), 12).ok).toBe(false);
  });
});

describe('wall time', () => {
  it('of a repeated hour is its first occurrence, of a skipped one the jump', () => {
    const wall = (written: string) => Date.parse(`${written}Z`);
    expect(toUtc(roundTheClock, wall('2026-10-25T02:30'))).toBe(at('2026-10-25T02:30+02:00[Europe/Berlin]'));
    expect(toUtc(roundTheClock, wall('2026-03-29T02:30'))).toBe(at('2026-03-29T03:00+02:00[Europe/Berlin]'));
    expect(toWall(roundTheClock, at('2026-10-25T02:30+01:00[Europe/Berlin]'))).toBe(wall('2026-10-25T02:30'));
  });

  it('reads as people of the zone write it', () => {
    expect(formatLocal(mumbai, at('2026-11-24T16:00[Asia/Kolkata]'))).toBe('2026-11-24 16:00 Asia/Kolkata');
    expect(formatLocal(newYork, at('2026-03-01T00:04:59[America/New_York]'))).toBe(
      '2026-03-01 00:04 America/New_York',
    );
  });
});
