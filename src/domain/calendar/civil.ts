/** A date of the Gregorian calendar without a zone; month 1 to 12, day 1 to 31. */
export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DAYS_IN_400_YEARS = 146_097;

const leapYearsThrough = (year: number): number =>
  Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);

const isLeap = (year: number): boolean => leapYearsThrough(year) > leapYearsThrough(year - 1);

const yearStart = (year: number): number =>
  365 * (year - 1970) + leapYearsThrough(year - 1) - leapYearsThrough(1969);

function monthStart(year: number, month: number): number {
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return yearStart(year) + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay;
}

/** Days since 1970-01-01 of a civil date. */
export function dayNumber({ year, month, day }: CivilDate): number {
  return monthStart(year, month) + day - 1;
}

/** The civil date of a day number; inverse of `dayNumber`. */
export function civilDate(dayNumber: number): CivilDate {
  // The mean year misses the true one by at most one, near 1 January.
  let year = 1970 + Math.floor((dayNumber * 400) / DAYS_IN_400_YEARS);
  if (dayNumber < yearStart(year)) year -= 1;
  else if (dayNumber >= yearStart(year + 1)) year += 1;

  let month = 12;
  while (dayNumber < monthStart(year, month)) month -= 1;
  return { year, month, day: dayNumber - monthStart(year, month) + 1 };
}

/** The date `months` (whole, any sign) later; a day the month lacks becomes its last. */
export function plusMonths(date: CivilDate, months: number): CivilDate {
  const index = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const next = month === 12 ? yearStart(year + 1) : monthStart(year, month + 1);
  return { year, month, day: Math.min(date.day, next - monthStart(year, month)) };
}

/** Weekday of a day number, 0 = Monday to 6 = Sunday. */
export function weekday(dayNumber: number): number {
  // 1970-01-01 was a Thursday; the second remainder keeps days before it positive.
  return (((dayNumber + 3) % 7) + 7) % 7;
}
