import { describe, expect, it } from 'vitest';
import {
  addBusinessTime,
  addWorkingMs,
  workingMsBetween,
} from '../../../src/domain/calendar/business-time.js';
import type { BusinessDuration, CompiledCalendar } from '../../../src/domain/calendar/calendar.js';
import { formatLocal } from '../../../src/domain/calendar/local.js';
import {
  apia,
  at,
  berlin,
  berlinNights,
  cairo,
  mumbai,
  newYork,
  roundTheClock,
  stJohns,
} from './calendars.js';

const HOUR = 3_600_000;

/** Local reading of `from` plus a duration, given as `[n, unit]`. */
function later(calendar: CompiledCalendar, from: string, n: number, unit: BusinessDuration['unit']): string {
  const result = addBusinessTime(calendar, at(from), { unit, n });
  return result.ok ? formatLocal(calendar, result.at) : `beyond ${result.calendar} ${result.version}`;
}

function worked(calendar: CompiledCalendar, from: string, to: string): number {
  const result = workingMsBetween(calendar, at(from), at(to));
  return result.ok ? result.ms / HOUR : Number.NaN;
}

describe('scenario B: readiness opened on Friday 20 November 2026 at 17:00 in Mumbai, Monday a holiday', () => {
  const opened = '2026-11-20T17:00[Asia/Kolkata]';

  it('is due after eight business hours on Tuesday at 16:00', () => {
    expect(later(mumbai, opened, 8, 'bh')).toBe('2026-11-24 16:00 Asia/Kolkata');
  });

  it('reminds at half of it on Tuesday at 12:00', () => {
    expect(later(mumbai, opened, 4, 'bh')).toBe('2026-11-24 12:00 Asia/Kolkata');
  });

  it('finds the same half from the due instant back', () => {
    const due = at('2026-11-24T16:00[Asia/Kolkata]');
    const whole = workingMsBetween(mumbai, at(opened), due);
    expect(whole).toEqual({ ok: true, ms: 8 * HOUR });
    expect(addWorkingMs(mumbai, at(opened), 4 * HOUR)).toEqual({
      ok: true,
      at: at('2026-11-24T12:00[Asia/Kolkata]'),
    });
  });

  it('moves to Monday when a newer calendar drops the holiday', () => {
    const updated = { ...mumbai, version: '2026.2', holidays: [] };
    expect(later(updated, opened, 8, 'bh')).toBe('2026-11-23 16:00 Asia/Kolkata');
    expect(later(mumbai, opened, 8, 'bh')).toBe('2026-11-24 16:00 Asia/Kolkata');
  });
});

describe('business hours', () => {
  it('may end at the very close, and begin at the next opening from there', () => {
    expect(later(mumbai, '2026-11-18T09:30[Asia/Kolkata]', 9, 'bh')).toBe('2026-11-18 18:30 Asia/Kolkata');
    expect(later(mumbai, '2026-11-18T18:30[Asia/Kolkata]', 0, 'bh')).toBe('2026-11-19 09:30 Asia/Kolkata');
  });

  it('pause over lunch, short days and the weekend', () => {
    expect(later(berlin, '2026-06-04T12:00[Europe/Berlin]', 1, 'bh')).toBe('2026-06-04 14:00 Europe/Berlin');
    expect(later(berlin, '2026-06-05T12:00[Europe/Berlin]', 4, 'bh')).toBe('2026-06-08 10:00 Europe/Berlin');
  });

  it('come in minutes and seconds too, for calendars of a demonstration', () => {
    expect(later(mumbai, '2026-11-20T18:28[Asia/Kolkata]', 5, 'bmin')).toBe('2026-11-24 09:33 Asia/Kolkata');
    expect(later(mumbai, '2026-11-20T18:28[Asia/Kolkata]', 180, 'bs')).toBe('2026-11-24 09:31 Asia/Kolkata');
  });

  it('begin at the next opening when asked outside working time', () => {
    expect(later(mumbai, '2026-11-21T03:00[Asia/Kolkata]', 2, 'bh')).toBe('2026-11-24 11:30 Asia/Kolkata');
  });

  it('refuse fractions of a millisecond and negative spans', () => {
    expect(() => addWorkingMs(mumbai, mumbai.validFrom, 0.5)).toThrow(/whole number of at least 0, not 0.5/);
    expect(() => addBusinessTime(mumbai, mumbai.validFrom, { unit: 'bd', n: -1 })).toThrow(/business days/);
  });
});

describe('business days', () => {
  it('are the next working day, not 24 business hours', () => {
    expect(later(mumbai, '2026-11-18T17:00[Asia/Kolkata]', 1, 'bd')).toBe('2026-11-19 17:00 Asia/Kolkata');
  });

  it('skip weekends and holidays', () => {
    expect(later(mumbai, '2026-11-20T17:00[Asia/Kolkata]', 1, 'bd')).toBe('2026-11-24 17:00 Asia/Kolkata');
    expect(later(mumbai, '2026-12-24T11:00[Asia/Kolkata]', 1, 'bd')).toBe('2026-12-28 11:00 Asia/Kolkata');
    // Good Friday and Easter Monday 2026; the Saturday between them is worked.
    expect(later(berlin, '2026-04-02T11:00[Europe/Berlin]', 2, 'bd')).toBe('2026-04-07 11:00 Europe/Berlin');
  });

  it('count from the next opening when asked on a rest day', () => {
    expect(later(mumbai, '2026-11-22T15:00[Asia/Kolkata]', 1, 'bd')).toBe('2026-11-25 09:30 Asia/Kolkata');
  });

  it('are brought into the windows of the day they end on', () => {
    expect(later(berlin, '2026-06-04T17:00[Europe/Berlin]', 1, 'bd')).toBe('2026-06-05 13:00 Europe/Berlin');
    expect(later(berlin, '2026-06-05T09:15[Europe/Berlin]', 1, 'bd')).toBe('2026-06-06 10:00 Europe/Berlin');
    expect(later(berlin, '2026-06-05T12:45[Europe/Berlin]', 2, 'bd')).toBe('2026-06-08 13:30 Europe/Berlin');
  });

  it('of none are the next opening', () => {
    expect(later(mumbai, '2026-11-21T03:00[Asia/Kolkata]', 0, 'bd')).toBe('2026-11-24 09:30 Asia/Kolkata');
  });
});

describe('changes of the clock', () => {
  it('shorten a night by an hour in spring', () => {
    const night = ['2026-03-29T00:00[Europe/Berlin]', '2026-03-30T00:00[Europe/Berlin]'] as const;
    expect(worked(roundTheClock, ...night)).toBe(23);
    // Of 01:00-02:30 and 02:45-05:00 only 01:00-02:00 and 03:00-05:00 exist.
    expect(worked(berlinNights, ...night)).toBe(5);
    expect(later(newYork, '2026-03-08T00:00[America/New_York]', 3, 'bh')).toBe(
      '2026-03-08 04:00 America/New_York',
    );
  });

  it('lengthen a night by an hour in autumn', () => {
    const night = ['2026-10-25T00:00[Europe/Berlin]', '2026-10-26T00:00[Europe/Berlin]'] as const;
    expect(worked(roundTheClock, ...night)).toBe(25);
    expect(later(newYork, '2026-11-01T00:00[America/New_York]', 4, 'bh')).toBe(
      '2026-11-01 03:00 America/New_York',
    );
  });

  it('close at the first occurrence of a repeated time and open at the first as well', () => {
    // 02:30 summer time closes; 02:45 summer time opens a window that runs through the repeated hour.
    expect(
      worked(berlinNights, '2026-10-25T02:30+02:00[Europe/Berlin]', '2026-10-25T02:45+02:00[Europe/Berlin]'),
    ).toBe(0);
    expect(
      worked(berlinNights, '2026-10-25T02:45+02:00[Europe/Berlin]', '2026-10-25T05:00[Europe/Berlin]'),
    ).toBe(3.25);
  });

  it('resolve a wall time that a business day skips to the jump, and a repeated one to its first', () => {
    expect(later(roundTheClock, '2026-03-28T02:30[Europe/Berlin]', 1, 'bd')).toBe(
      '2026-03-29 03:00 Europe/Berlin',
    );
    expect(
      addBusinessTime(roundTheClock, at('2026-10-24T02:30[Europe/Berlin]'), { unit: 'bd', n: 1 }),
    ).toEqual({ ok: true, at: at('2026-10-25T02:30+02:00[Europe/Berlin]') });
  });

  it('keep the wall time of business days on both sides', () => {
    expect(later(newYork, '2026-03-07T16:00[America/New_York]', 1, 'bd')).toBe(
      '2026-03-08 16:00 America/New_York',
    );
    expect(later(newYork, '2026-10-31T16:00[America/New_York]', 1, 'bd')).toBe(
      '2026-11-01 16:00 America/New_York',
    );
  });

  it('count on when the clock goes back into the day before', () => {
    const evening = '2008-11-01T21:00[America/St_Johns]';
    expect(worked(stJohns, evening, '2008-11-01T23:30-03:30[America/St_Johns]')).toBe(3.5);
  });

  it('leave no work in a window that the jump swallows', () => {
    // On 24 April 2026 Cairo goes from 23:59 on Thursday to 01:00 on Friday.
    expect(worked(cairo, '2026-04-24T01:00[Africa/Cairo]', '2026-04-24T20:00[Africa/Cairo]')).toBe(0);
    expect(later(cairo, '2026-04-23T23:00[Africa/Cairo]', 2, 'bh')).toBe('2026-04-24 21:00 Africa/Cairo');
  });
});

describe('a day that the zone skips', () => {
  it('is no working day', () => {
    expect(later(apia, '2011-12-29T16:00[Pacific/Apia]', 1, 'bd')).toBe('2012-01-02 16:00 Pacific/Apia');
    expect(later(apia, '2011-12-29T16:00[Pacific/Apia]', 2, 'bh')).toBe('2012-01-02 10:00 Pacific/Apia');
  });

  it('is no part of a plain week either', () => {
    expect(worked(apia, '2011-12-23T09:00[Pacific/Apia]', '2012-01-05T09:00[Pacific/Apia]')).toBe(64);
  });
});

describe('beyond the validity', () => {
  const refusal = {
    ok: false,
    calendar: 'in-mumbai',
    version: '2026.1',
    validFrom: at('2026-01-01T00:00[Asia/Kolkata]'),
    validThrough: at('2032-01-01T00:00[Asia/Kolkata]'),
  };

  it('refuses to add past the last valid day', () => {
    expect(addBusinessTime(mumbai, at('2031-12-31T17:00[Asia/Kolkata]'), { unit: 'bh', n: 2 })).toEqual(
      refusal,
    );
    expect(addBusinessTime(mumbai, at('2031-12-31T17:00[Asia/Kolkata]'), { unit: 'bd', n: 1 })).toEqual(
      refusal,
    );
    expect(addBusinessTime(mumbai, mumbai.validFrom, { unit: 'bd', n: 100_000 })).toEqual(refusal);
    expect(addBusinessTime(mumbai, mumbai.validFrom, { unit: 'bh', n: 100_000 })).toEqual(refusal);
  });

  it('answers up to the last minute', () => {
    expect(later(mumbai, '2031-12-31T17:00[Asia/Kolkata]', 1, 'bh')).toBe('2031-12-31 18:00 Asia/Kolkata');
    const lastHour = at('2031-12-31T23:00[Europe/Berlin]');
    expect(addWorkingMs(roundTheClock, lastHour, HOUR)).toEqual({
      ok: true,
      at: roundTheClock.validThrough,
    });
  });

  it('refuses to start outside it', () => {
    expect(addBusinessTime(mumbai, mumbai.validFrom - 1, { unit: 'bh', n: 1 })).toEqual(refusal);
    expect(addBusinessTime(mumbai, mumbai.validThrough, { unit: 'bh', n: 0 })).toEqual(refusal);
    expect(workingMsBetween(mumbai, mumbai.validFrom - 1, mumbai.validFrom)).toEqual(refusal);
    expect(workingMsBetween(mumbai, mumbai.validFrom, mumbai.validThrough + 1)).toEqual(refusal);
  });
});
