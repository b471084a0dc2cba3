import {
  type BusinessDuration,
  beyond,
  type CalendarInstant,
  type CompiledCalendar,
  instant,
  knows,
  type WorkingTime,
} from './calendar.js';
import { DAY, HOUR, localDay, MINUTE, SECOND, toUtc, toWall } from './local.js';
import { lastDay, openSpans, plainWeek, plainWeeksFrom } from './working-days.js';

/**
 * The instant a business duration after `from` (UTC ms), refused outside the calendar's validity. Hours
 * elapse inside working time only. Days are the n-th working day after that of `from`, same wall time,
 * brought into that day's windows. A `from` outside working time counts from the next opening.
 */
export function addBusinessTime(
  calendar: CompiledCalendar,
  from: number,
  duration: BusinessDuration,
): CalendarInstant {
  switch (duration.unit) {
    case 'bh':
      return addWorkingMs(calendar, from, duration.n * HOUR);
    case 'bmin':
      return addWorkingMs(calendar, from, duration.n * MINUTE);
    case 'bs':
      return addWorkingMs(calendar, from, duration.n * SECOND);
    case 'bd':
      return addWorkingDays(calendar, from, duration.n);
    default: {
      const unknown: never = duration.unit;
      return unknown;
    }
  }
}

/**
 * The first instant by which `ms` (whole, >= 0) of working time have elapsed since `from` (UTC ms); with 0 the
 * next opening, or `from` itself in working time. Throws RangeError on a fraction or a negative `ms`.
 */
export function addWorkingMs(calendar: CompiledCalendar, from: number, ms: number): CalendarInstant {
  assertCount(ms, 'working milliseconds');
  if (!knows(calendar, from)) return beyond(calendar);
  const last = lastDay(calendar);
  const today = localDay(calendar, from);
  const week = plainWeek(calendar).ms;
  let left = ms;
  for (let day = today; day <= last; day += 1) {
    if (day > today && left > week) {
      const weeks = Math.min(plainWeeksFrom(calendar, day, last), Math.floor((left - 1) / week));
      left -= weeks * week;
      day += weeks * 7;
    }
    for (const [opens, closes] of openSpans(calendar, day)) {
      const start = Math.max(opens, from);
      if (start >= closes) continue;
      if (start + left <= closes) return instant(calendar, start + left);
      left -= closes - start;
    }
  }
  return beyond(calendar);
}

/** Working time elapsed between two instants (UTC ms); 0 when `to` is not after `from`. */
export function workingMsBetween(calendar: CompiledCalendar, from: number, to: number): WorkingTime {
  if (!knows(calendar, from) || !knows(calendar, to)) return beyond(calendar);
  const today = localDay(calendar, from);
  const last = localDay(calendar, to);
  const week = plainWeek(calendar).ms;
  let ms = 0;
  // One day more: a clock set back over midnight shows yesterday's date although today's windows have opened.
  for (let day = today; day <= last + 1; day += 1) {
    if (day > today) {
      const weeks = plainWeeksFrom(calendar, day, last);
      ms += weeks * week;
      day += weeks * 7;
    }
    for (const [opens, closes] of openSpans(calendar, day)) {
      ms += Math.max(0, Math.min(closes, to) - Math.max(opens, from));
    }
  }
  return { ok: true, ms };
}

function addWorkingDays(calendar: CompiledCalendar, from: number, n: number): CalendarInstant {
  assertCount(n, 'business days');
  const opening = addWorkingMs(calendar, from, 0);
  if (!opening.ok) return opening;
  const last = lastDay(calendar);
  const today = localDay(calendar, opening.at);
  const week = plainWeek(calendar).days;
  let day = today;
  for (let left = n; left > 0; ) {
    day += 1;
    if (left > week) {
      const weeks = Math.min(plainWeeksFrom(calendar, day, last), Math.floor((left - 1) / week));
      left -= weeks * week;
      day += weeks * 7;
    }
    if (day > last) return beyond(calendar);
    if (openSpans(calendar, day).length > 0) left -= 1;
  }
  const sameWallTime = toUtc(calendar, toWall(calendar, opening.at) + (day - today) * DAY);
  return n === 0 ? opening : instant(calendar, intoWindows(calendar, day, sameWallTime));
}

/** Moves an instant of a working day to the next moment of work on that day, or else back to its last. */
function intoWindows(calendar: CompiledCalendar, day: number, at: number): number {
  let last = at;
  for (const [opens, closes] of openSpans(calendar, day)) {
    if (at <= closes) return Math.max(at, opens);
    last = closes;
  }
  return last;
}

function assertCount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${what} must be a whole number of at least 0, not ${value}`);
  }
}
