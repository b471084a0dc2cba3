/** Dates on a server that skips time: when the wanted weekday comes, and going there. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Temporal } from 'temporal-polyfill';
import { writtenCalendar } from '../../src/contracts/calendar.js';
import { compileCalendar } from '../../src/contracts/compile-calendar.js';
import type { OperatingModel } from '../../src/domain/policy.js';

/** The server's time in a zone. */
export async function localNow(
  environment: TestWorkflowEnvironment,
  zone: string,
): Promise<Temporal.ZonedDateTime> {
  const now = await environment.currentTimeMs();
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
}

/** The first Friday after today, at a wall time such as `17:00`. */
export function nextFriday(today: Temporal.ZonedDateTime, time: string): Temporal.ZonedDateTime {
  const days = ((5 - today.dayOfWeek + 6) % 7) + 1;
  return today.add({ days }).withPlainTime(time);
}

/** Lets the server's time pass until an instant, timers firing on the way. Already past: fails. */
export async function sleepUntil(environment: TestWorkflowEnvironment, at: number): Promise<void> {
  const left = at - (await environment.currentTimeMs());
  if (left < 0) throw new Error(`the server is already ${-left} ms past ${new Date(at).toISOString()}`);
  await environment.sleep(left);
}

/** The model with one calendar in place of all others: weekdays of the given hours, known from now on for two years. */
export function withCalendar(
  model: OperatingModel,
  { zone, hours, holidays, now }: { zone: string; hours: string; holidays: readonly string[]; now: number },
): OperatingModel {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const written = writtenCalendar.parse({
    version: 'test',
    zone,
    week: { mon: [hours], tue: [hours], wed: [hours], thu: [hours], fri: [hours] },
    holidays,
    validFrom: today.subtract({ days: 7 }).toString(),
    validThrough: today.add({ years: 2 }).toString(),
  });
  return { ...model, calendars: { office: compileCalendar('office', written) }, defaultCalendar: 'office' };
}
