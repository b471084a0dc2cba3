import { Temporal } from 'temporal-polyfill';
import type { CompiledCalendar, Window } from '../domain/calendar/calendar.js';
import { parseWindow, WEEKDAYS, type WrittenCalendar } from './calendar.js';

const MS_PER_DAY = 86_400_000;

/**
 * Compiles a parsed calendar into the plain data that workflows count on: offsets of the zone through two days
 * past its validity, and the version of the time zone database they come from. Run when a model is published.
 */
export function compileCalendar(id: string, written: WrittenCalendar): CompiledCalendar {
  const { version, zone, holidays } = written;
  const opens = Temporal.PlainDate.from(written.validFrom).toZonedDateTime(zone);
  const closes = Temporal.PlainDate.from(written.validThrough).add({ days: 1 }).toZonedDateTime(zone);
  return {
    id,
    version,
    // The library settles the spelling, so that `asia/kolkata` and `Asia/Kolkata` compile alike.
    zone: opens.timeZoneId,
    // Builds on a system's ICU do not say which database they carry.
    tzdata: process.versions.tz ?? 'unknown',
    offsets: offsetsBetween(opens, closes.add({ days: 2 })),
    week: compileWeek(written.week),
    holidays: holidays.map(dayNumberOf).sort((a, b) => a - b),
    validFrom: opens.epochMilliseconds,
    validThrough: closes.epochMilliseconds,
  };
}

function offsetsBetween(opens: Temporal.ZonedDateTime, closes: Temporal.ZonedDateTime): [number, number][] {
  const offsets: [number, number][] = [[opens.epochMilliseconds, offsetMinutes(opens)]];
  let change = opens.getTimeZoneTransition('next');
  while (change !== null && change.epochMilliseconds <= closes.epochMilliseconds) {
    offsets.push([change.epochMilliseconds, offsetMinutes(change)]);
    change = change.getTimeZoneTransition('next');
  }
  return offsets;
}

const offsetMinutes = (at: Temporal.ZonedDateTime): number => at.offsetNanoseconds / 60_000_000_000;

const dayNumberOf = (date: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds / MS_PER_DAY;

function compileWeek(week: WrittenCalendar['week']): Window[][] {
  if (week === 'always') return WEEKDAYS.map(() => [[0, 1_440]]);
  return WEEKDAYS.map((day) => (week[day] ?? []).map(minutesOf));
}

function minutesOf(text: string): Window {
  const window = parseWindow(text);
  if (window === undefined) throw new RangeError(`"${text}" is no window; parse the calendar first`);
  return window;
}
