import { z } from 'zod';

/** Days of the written week, in the order of the compiled one. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Where a calendar begins that does not say so. */
const DEFAULT_VALID_FROM = '2026-01-01';

const MAX_YEARS = 20;
const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

/** Start and end of a written window such as `09:30-18:30`, in minutes of the day; undefined when malformed. */
export function parseWindow(written: string): [startMinute: number, endMinute: number] | undefined {
  const match = WINDOW.exec(written);
  if (match === null) return undefined;
  const [startHour, startMinute, endHour, endMinute] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const end = endHour * 60 + endMinute;
  return end > 1_440 ? undefined : [startHour * 60 + startMinute, end];
}

const civilDay = z.iso.date({ error: 'write a date that exists, as YYYY-MM-DD' });

const zone = z
  .string()
  // Fixed offsets are no zones: they hide changes of the law and of the clock.
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, { error: 'name a time zone such as Asia/Kolkata', abort: true })
  .refine(isKnownZone, { error: 'unknown time zone; use an IANA name such as Europe/Berlin' });

const windows = z.array(z.string()).superRefine((written, context) => {
  let closed = 0;
  for (const [index, text] of written.entries()) {
    const problem = windowProblem(text, closed);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [index], message: problem });
    closed = Math.max(closed, parseWindow(text)?.[1] ?? closed);
  }
});

const week = z
  .partialRecord(z.enum(WEEKDAYS), windows)
  .refine((days) => Object.values(days).some((day) => day.length > 0), {
    error: `a week needs a window on one of ${WEEKDAYS.join(', ')}; write "always" for round the clock`,
  });

/**
 * A business calendar as people write it in YAML. Days left out of the week are rest days; holidays are local
 * dates; `validThrough` is the last date for which the holidays are settled.
 */
export const writtenCalendar = z
  .strictObject({
    version: z.string().min(1, { error: 'name the version, such as "2026.1"' }).max(32),
    zone,
    week: z.union([z.literal('always'), week], {
      error: `write "always", or windows by day (${WEEKDAYS.join(', ')}), such as mon: ["09:30-18:30"]`,
    }),
    holidays: z.array(civilDay).default([]),
    validFrom: civilDay.default(DEFAULT_VALID_FROM),
    validThrough: civilDay,
  })
  .superRefine((calendar, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    // Dates of this form sort as text.
    const { validFrom, validThrough, holidays } = calendar;
    if (validThrough < validFrom) report(['validThrough'], `lies before validFrom ${validFrom}`);
    if (Number(validThrough.slice(0, 4)) - Number(validFrom.slice(0, 4)) > MAX_YEARS) {
      report(['validThrough'], `reaches more than ${MAX_YEARS} years beyond validFrom ${validFrom}`);
    }
    if (validFrom < '2000-01-01') report(['validFrom'], 'begin in 2000 or later');
    if (calendar.week === 'always' && holidays.length > 0) {
      report(
        ['holidays'],
        'a calendar that is always open has no holidays; remove them or write out the week',
      );
    }
    for (const [index, holiday] of holidays.entries()) {
      if (holiday < validFrom || holiday > validThrough) {
        report(
          ['holidays', index],
          `${holiday} lies outside ${validFrom} to ${validThrough}; widen the validity`,
        );
      }
      if (holidays.indexOf(holiday) < index) report(['holidays', index], `${holiday} is listed twice`);
    }
  });

/** The written calendar after parsing, defaults filled in. */
export type WrittenCalendar = z.output<typeof writtenCalendar>;

function windowProblem(text: string, closed: number): string | undefined {
  const window = parseWindow(text);
  if (window === undefined) return `"${text}" is no window; write HH:MM-HH:MM, such as 09:30-18:30`;
  const [start, end] = window;
  if (end <= start) return `${text} ends before it starts; give the hours after midnight to the next day`;
  if (start < closed) return `${text} overlaps the window before it, or stands out of order`;
  return undefined;
}

function isKnownZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
