/** Minutes of a local day during which work is done: [start, end), 0 to 1440. */
export type Window = readonly [startMinute: number, endMinute: number];

/**
 * A business calendar as it is pinned in the state: plain JSON, self-contained, never looked up again.
 * Instants are UTC ms. `offsets` lists from when each UTC offset (minutes) is in force, ascending; `week`
 * has seven entries, Monday first, windows ascending; `holidays` are local civil dates in days since
 * 1970-01-01, ascending; `validFrom` and `validThrough` are the local midnights that begin the first and
 * end the last day of which the holidays are known.
 */
export type CompiledCalendar = {
  readonly id: string;
  readonly version: string;
  readonly zone: string;
  readonly tzdata: string;
  readonly offsets: readonly (readonly [fromUtcMs: number, offsetMinutes: number])[];
  readonly week: readonly (readonly Window[])[];
  readonly holidays: readonly number[];
  readonly validFrom: number;
  readonly validThrough: number;
};

/**
 * Business days (`bd`), hours (`bh`), minutes (`bmin`) or seconds (`bs`); `n` >= 0, whole for days. The two
 * short units are for operating models that demonstrate a gate in seconds.
 */
export type BusinessDuration = { readonly unit: 'bd' | 'bh' | 'bmin' | 'bs'; readonly n: number };

/** The answer lies outside what the calendar knows: publish a calendar that reaches further. */
export type BeyondCalendar = {
  readonly ok: false;
  readonly calendar: string;
  readonly version: string;
  readonly validFrom: number;
  readonly validThrough: number;
};

/** An instant in UTC ms, or the refusal to guess one. */
export type CalendarInstant = { readonly ok: true; readonly at: number } | BeyondCalendar;

/** Working milliseconds, or the refusal to guess them. */
export type WorkingTime = { readonly ok: true; readonly ms: number } | BeyondCalendar;

/** The refusal, naming the calendar and its validity. */
export function beyond(calendar: CompiledCalendar): BeyondCalendar {
  const { id, version, validFrom, validThrough } = calendar;
  return { ok: false, calendar: id, version, validFrom, validThrough };
}

/** Whether the calendar knows the instant (UTC ms). The closing midnight still counts: a due may fall on it. */
export function knows(calendar: CompiledCalendar, at: number): boolean {
  return at >= calendar.validFrom && at <= calendar.validThrough;
}

/** The instant (UTC ms) as an answer, refused where the calendar does not know it. */
export function instant(calendar: CompiledCalendar, at: number): CalendarInstant {
  return knows(calendar, at) ? { ok: true, at } : beyond(calendar);
}
