import { type CalendarInstant, type CompiledCalendar, instant } from './calendar.js';
import { civilDate, dayNumber, plusMonths } from './civil.js';
import { firstWhere } from './search.js';

/** Milliseconds in a second, a minute, an hour and a civil day. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const startOf = (calendar: CompiledCalendar, index: number): number =>
  calendar.offsets[index]?.[0] ?? Number.POSITIVE_INFINITY;

const offsetMs = (calendar: CompiledCalendar, index: number): number =>
  (calendar.offsets[index]?.[1] ?? 0) * MINUTE;

/** Wall time of a UTC instant: ms since 1970-01-01 00:00 as the local clock shows it. */
export function toWall(calendar: CompiledCalendar, at: number): number {
  const next = firstWhere(calendar.offsets.length, (index) => startOf(calendar, index) > at);
  return at + offsetMs(calendar, Math.max(0, next - 1));
}

/**
 * UTC instant of a wall time. A repeated wall time is its first occurrence; a skipped one is the instant the
 * clock jumped, so that later wall times never come out earlier.
 */
export function toUtc(calendar: CompiledCalendar, wall: number): number {
  const lastIndex = calendar.offsets.length - 1;
  const index = firstWhere(
    lastIndex,
    (candidate) => startOf(calendar, candidate + 1) + offsetMs(calendar, candidate) > wall,
  );
  const at = wall - offsetMs(calendar, index);
  return index === 0 ? at : Math.max(at, startOf(calendar, index));
}

/** Local civil day (days since 1970-01-01) of a UTC instant. */
export function localDay(calendar: CompiledCalendar, at: number): number {
  return Math.floor(toWall(calendar, at) / DAY);
}

/** First UTC instant of a local civil date, month 1 to 12; refused outside the calendar's validity. */
export function startOfLocalDay(
  calendar: CompiledCalendar,
  year: number,
  month: number,
  day: number,
): CalendarInstant {
  return instant(calendar, toUtc(calendar, dayNumber({ year, month, day }) * DAY));
}

/** `months` (whole, >= 0) later on the local calendar, same wall time; 31 January + 1 is the end of February. */
export function addMonths(calendar: CompiledCalendar, at: number, months: number): CalendarInstant {
  const wall = toWall(calendar, at);
  const today = Math.floor(wall / DAY);
  const target = dayNumber(plusMonths(civilDate(today), months));
  return instant(calendar, toUtc(calendar, wall + (target - today) * DAY));
}

const padded = (value: number, width = 2): string => String(value).padStart(width, '0');

/** A UTC instant as people of the zone read it: `2026-11-24 16:00 Asia/Kolkata`. Seconds are cut. */
export function formatLocal(calendar: CompiledCalendar, at: number): string {
  const wall = toWall(calendar, at);
  const today = Math.floor(wall / DAY);
  const minute = Math.floor((wall - today * DAY) / MINUTE);
  const { year, month, day } = civilDate(today);
  const date = `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
  return `${date} ${padded(Math.floor(minute / 60))}:${padded(minute % 60)} ${calendar.zone}`;
}
