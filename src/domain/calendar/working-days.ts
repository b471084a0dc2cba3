import type { CompiledCalendar } from './calendar.js';
import { weekday } from './civil.js';
import { DAY, localDay, MINUTE, toUtc } from './local.js';
import { firstWhere } from './search.js';

/** A stretch of working time in UTC ms, closing after it opens. */
export type OpenSpan = readonly [opens: number, closes: number];

const firstHolidayFrom = (calendar: CompiledCalendar, day: number): number => {
  const { holidays } = calendar;
  const index = firstWhere(holidays.length, (i) => (holidays[i] ?? day) >= day);
  return holidays[index] ?? Number.POSITIVE_INFINITY;
};

/** Working time of a local day, ascending; empty on holidays, rest days and days the zone skips. */
export function openSpans(calendar: CompiledCalendar, day: number): OpenSpan[] {
  if (firstHolidayFrom(calendar, day) === day) return [];
  const spans: OpenSpan[] = [];
  for (const [start, end] of calendar.week[weekday(day)] ?? []) {
    const opens = toUtc(calendar, day * DAY + start * MINUTE);
    const closes = toUtc(calendar, day * DAY + end * MINUTE);
    if (opens < closes) spans.push([opens, closes]);
  }
  return spans;
}

/** The last local day the calendar knows. */
export function lastDay(calendar: CompiledCalendar): number {
  return localDay(calendar, calendar.validThrough - 1);
}

/** Days and working ms of a week without holiday or change of offset. */
export function plainWeek(calendar: CompiledCalendar): { days: number; ms: number } {
  let days = 0;
  let minutes = 0;
  for (const windows of calendar.week) {
    if (windows.length > 0) days += 1;
    for (const [start, end] of windows) minutes += end - start;
  }
  return { days, ms: minutes * MINUTE };
}

/** How many plain weeks begin at `day` in a row and end before `until`; they can be skipped at a stride. */
export function plainWeeksFrom(calendar: CompiledCalendar, day: number, until: number): number {
  const { offsets } = calendar;
  const opens = toUtc(calendar, day * DAY);
  const index = firstWhere(offsets.length, (i) => (offsets[i]?.[0] ?? opens) >= opens);
  const change = offsets[index]?.[0];
  // Stop at the last day under the old offset: the change may skip the whole day that follows.
  const changeDay = change === undefined ? until : localDay(calendar, change - 1);
  const end = Math.min(until, changeDay, firstHolidayFrom(calendar, day));
  return Math.max(0, Math.floor((end - day) / 7));
}
