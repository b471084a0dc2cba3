import { Temporal } from 'temporal-polyfill';
import { writtenCalendar } from '../../../src/contracts/calendar.js';
import { compileCalendar } from '../../../src/contracts/compile-calendar.js';
import type { CompiledCalendar } from '../../../src/domain/calendar/calendar.js';

const everyDay = (windows: string[]) =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, windows]));

const mondayToFriday = (windows: string[]) =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, windows]));

function compiled(id: string, written: object): CompiledCalendar {
  return compileCalendar(
    id,
    writtenCalendar.parse({ version: '2026.1', validThrough: '2031-12-31', ...written }),
  );
}

/** Scenario B: half past nine to half past six, Monday 23 November 2026 a holiday. */
export const mumbai = compiled('in-mumbai', {
  zone: 'Asia/Kolkata',
  week: mondayToFriday(['09:30-18:30']),
  holidays: ['2026-11-23', '2026-12-25'],
});

/** A lunch break, a short Friday, a Saturday morning, and a holiday on either side of a weekend. */
export const berlin = compiled('de-berlin', {
  zone: 'Europe/Berlin',
  week: { ...mondayToFriday(['09:00-12:30', '13:30-18:00']), fri: ['09:00-13:00'], sat: ['10:00-12:00'] },
  holidays: [
    '2026-04-03',
    '2026-04-06',
    '2026-05-01',
    '2026-12-25',
    '2027-01-01',
    '2027-03-26',
    '2027-03-29',
  ],
});

/** Works through the hours at which clocks change. */
export const berlinNights = compiled('de-nights', {
  zone: 'Europe/Berlin',
  week: everyDay(['01:00-02:30', '02:45-05:00', '22:00-24:00']),
  holidays: ['2026-12-25'],
});

export const newYork = compiled('us-new-york', {
  zone: 'America/New_York',
  week: everyDay(['00:00-04:00', '09:00-17:00']),
  holidays: ['2026-07-03', '2026-11-26'],
});

/** Clocks move by half an hour. */
const lordHowe = compiled('au-lord-howe', {
  zone: 'Australia/Lord_Howe',
  week: everyDay(['01:15-02:15', '08:00-16:00']),
});

/** Clocks jump at midnight, so that one day a year begins at one. */
export const cairo = compiled('eg-cairo', {
  zone: 'Africa/Cairo',
  week: everyDay(['00:00-00:30', '20:00-24:00']),
});

/** Friday 30 December 2011 did not take place. */
export const apia = compiled('ws-apia', {
  zone: 'Pacific/Apia',
  week: mondayToFriday(['09:00-17:00']),
  validFrom: '2011-01-01',
  validThrough: '2014-12-31',
});

/** Clocks went back from a minute past midnight into the day before. */
export const stJohns = compiled('ca-st-johns', {
  zone: 'America/St_Johns',
  week: everyDay(['00:00-06:00', '21:00-24:00']),
  validFrom: '2007-01-01',
  validThrough: '2010-12-31',
});

export const roundTheClock = compiled('always', { zone: 'Europe/Berlin', week: 'always' });

export const everyCalendar = [mumbai, berlin, berlinNights, newYork, lordHowe, cairo, roundTheClock] as const;

/** UTC ms of a written local time such as `2026-11-20T17:00[Asia/Kolkata]`, or with an offset before the zone. */
export function at(written: string): number {
  return Temporal.ZonedDateTime.from(written).epochMilliseconds;
}
