import { Temporal } from 'temporal-polyfill';
import type { BusinessDuration, CompiledCalendar } from '../../../src/domain/calendar/calendar.js';

/**
 * The rules of business time once more, day by day and by the zone database instead of compiled offsets: slow,
 * and sharing no code with what it checks.
 */
type Span = { opens: number; closes: number };

const epoch = Temporal.PlainDate.from('1970-01-01');

function instantOf(zone: string, date: Temporal.PlainDate, minute: number, ms = 0): number {
  const wall = date.toPlainDateTime().add({ minutes: minute, milliseconds: ms });
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds;
  const jump = earlier.getTimeZoneTransition('next');
  if (jump === null) throw new Error(`no jump after ${wall.toString()}`);
  return jump.epochMilliseconds;
}

function spansOf(calendar: CompiledCalendar, date: Temporal.PlainDate): Span[] {
  const dayNumber = epoch.until(date).days;
  if (calendar.holidays.includes(dayNumber)) return [];
  return (calendar.week[date.dayOfWeek - 1] ?? [])
    .map(([start, end]) => ({
      opens: instantOf(calendar.zone, date, start),
      closes: instantOf(calendar.zone, date, end),
    }))
    .filter(({ opens, closes }) => opens < closes);
}

function local(calendar: CompiledCalendar, at: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(calendar.zone);
}

/** The first instant by which `ms` have been worked, or undefined past the validity. */
export function slowlyAddMs(calendar: CompiledCalendar, from: number, ms: number): number | undefined {
  let left = ms;
  let date = local(calendar, from).toPlainDate();
  // What opens on the closing midnight belongs to a day that the calendar does not know.
  for (; instantOf(calendar.zone, date, 0) < calendar.validThrough; date = date.add({ days: 1 })) {
    for (const { opens, closes } of spansOf(calendar, date)) {
      const start = Math.max(opens, from);
      if (start >= closes) continue;
      if (start + left <= closes) return start + left;
      left -= closes - start;
    }
  }
  return undefined;
}

/** The instant a business duration later, or undefined past the validity. */
export function slowlyAdd(
  calendar: CompiledCalendar,
  from: number,
  duration: BusinessDuration,
): number | undefined {
  const unitMs = { bh: 3_600_000, bmin: 60_000, bs: 1_000, bd: undefined }[duration.unit];
  if (unitMs !== undefined) return slowlyAddMs(calendar, from, duration.n * unitMs);
  const opening = slowlyAddMs(calendar, from, 0);
  if (opening === undefined || duration.n === 0) return opening;
  let date = local(calendar, opening).toPlainDate();
  const time = local(calendar, opening).toPlainTime();
  for (let left = duration.n; left > 0; ) {
    date = date.add({ days: 1 });
    if (instantOf(calendar.zone, date, 0) >= calendar.validThrough) return undefined;
    if (spansOf(calendar, date).length > 0) left -= 1;
  }
  const sinceMidnight = time.since(Temporal.PlainTime.from('00:00')).total('milliseconds');
  const wanted = instantOf(calendar.zone, date, 0, sinceMidnight);
  const spans = spansOf(calendar, date);
  const span = spans.find(({ closes }) => wanted <= closes);
  return span === undefined ? spans.at(-1)?.closes : Math.max(span.opens, wanted);
}

/** Whether work is done at the instant; the closing instant of a window counts. */
export function isWorking(calendar: CompiledCalendar, at: number): boolean {
  const today = local(calendar, at).toPlainDate();
  return [today.subtract({ days: 1 }), today].some((date) =>
    spansOf(calendar, date).some(({ opens, closes }) => opens <= at && at <= closes),
  );
}
