import type { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GateClock } from '../../src/domain/gates/gate.js';
import { localNow, nextFriday, sleepUntil, withCalendar } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { digest, MEDIUM, standardModel } from '../support/lifecycle.js';
import { timeSkipping, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

type Environment = Awaited<ReturnType<typeof timeSkipping>>;

let environment: Environment;
let world: World;

beforeAll(async () => {
  environment = await timeSkipping();
  world = await World.open(environment);
});
afterAll(() => world.close());

/** Opens the readiness gate of a medium use case as soon after `at` as it goes; its SLA is 8 business hours. */
async function openReadiness(
  at: Temporal.ZonedDateTime,
  hours: string,
  holidays: readonly Temporal.ZonedDateTime[],
) {
  const model = withCalendar(standardModel(), {
    zone: at.timeZoneId,
    hours,
    holidays: holidays.map((day) => day.toPlainDate().toString()),
    now: await environment.currentTimeMs(),
  });
  await sleepUntil(environment, at.epochMilliseconds);
  const journey = await world.begin({ key: unique('sla'), model, facts: MEDIUM, calendar: 'office' });
  await journey.toReadiness();
  const opened = (await journey.recorded()).findLast(({ type }) => type === 'GateOpened');
  const { clock } = ((opened?.data ?? {}) as unknown as { gate: { clock: GateClock } }).gate;
  const late = clock.startedAt - at.epochMilliseconds;
  expect(late).toBeGreaterThanOrEqual(0);
  // Every deadline falls as much after the hour as the gate was opened after it.
  return { journey, clock, after: (hour: Temporal.ZonedDateTime) => hour.epochMilliseconds + late };
}

/** When the events of these types happened, as far as the ledger says. */
async function happened(journey: Journey, ...types: readonly string[]) {
  const entries = (await journey.recorded()).filter(({ type }) => types.includes(type));
  return entries.map(({ type, at, data }) => ({ type, at, data: data as Record<string, unknown> }));
}

/** A timer never rings early; on a busy machine it rings a little late. */
function rang(at: number | undefined, due: number): void {
  expect(at).toBeGreaterThanOrEqual(due);
  expect(at).toBeLessThan(due + 60_000);
}

describe('scenario B, Friday evening in Kolkata before a holiday', () => {
  it('reminds, escalates to the end of the chain, holds, and never approves', async () => {
    const friday = nextFriday(await localNow(environment, 'Asia/Kolkata'), '17:00');
    const on = (days: number, time: string) => friday.add({ days }).withPlainTime(time);
    const [monday, tuesday, wednesday, thursday] = [3, 4, 5, 6];
    const { journey, clock, after } = await openReadiness(friday, '09:30-18:30', [on(monday, '00:00')]);

    expect(clock.due).toBe(after(on(tuesday, '16:00')));
    expect(clock.reminders).toEqual([after(on(tuesday, '12:00')), after(on(tuesday, '14:24'))]);
    expect(clock.steps).toEqual([
      { step: 'lead', at: after(on(tuesday, '16:00')) },
      { step: 'function-head', at: after(on(wednesday, '11:00')) },
      { step: 'resolver', at: after(on(wednesday, '15:00')) },
    ]);
    expect(clock.timeout).toBe(after(on(thursday, '10:00')));
    const [gate] = (await journey.view()).gates;
    expect(gate?.dueLocal).toBe(`${on(tuesday, '16:00').toPlainDate().toString()} 16:00 Asia/Kolkata`);

    await sleepUntil(environment, on(tuesday, '11:59').epochMilliseconds);
    expect(await happened(journey, 'ReminderSent', 'Escalated')).toEqual([]);
    await sleepUntil(environment, on(wednesday, '16:00').epochMilliseconds);
    const asked = await happened(journey, 'ReminderSent', 'Escalated');
    expect(asked.map(({ type, data }) => [type, data['share'] ?? data['step']])).toEqual([
      ['ReminderSent', 50],
      ['ReminderSent', 80],
      ['Escalated', 'lead'],
      ['Escalated', 'function-head'],
      ['Escalated', 'resolver'],
    ]);
    const dues = [...clock.reminders, ...clock.steps.map(({ at }) => at)];
    for (const [index, { at }] of asked.entries()) rang(at, dues[index] ?? 0);
    expect(asked.flatMap(({ data }) => data['to'] ?? [])).toEqual(['divya', 'neha', 'lata', 'anand']);
    await eventually('everybody was told', async () => {
      const told = (await world.mailbox(journey.key)).filter(({ kind }) => kind === 'escalation');
      return told.flatMap(({ to }) => to).join() === 'divya,neha,lata,anand';
    });

    // Past due a decision still counts, marked late, until the timeout outcome settles.
    const { view } = await journey.decide('leena', 'readiness');
    expect(view.gates[0]?.decisions).toEqual([{ person: 'leena', decision: 'approve', late: true }]);

    await sleepUntil(environment, on(thursday, '10:05').epochMilliseconds);
    const held = await journey.until('held', ({ holds }) => holds.length > 0);
    expect(held.holds).toMatchObject([{ source: 'timeout', effect: 'forward', by: null }]);
    expect(held.stage).toBe('review');
    rang((await happened(journey, 'GateTimedOut'))[0]?.at, clock.timeout);
    expect((await journey.refused('decide', 'gita', await journey.answer('readiness'))).type).toBe(
      'gate-held',
    );

    // A week later nothing has been approved; lifting the hold gives the gate its whole time again.
    await sleepUntil(environment, on(thursday + 7, '10:00').epochMilliseconds);
    expect(await happened(journey, 'GateClosed')).toHaveLength(1);
    const lifted = await journey.send('lift-hold', 'farah', { hold: held.holds[0]?.hold ?? '' });
    const [again] = lifted.view.gates;
    expect(again).toMatchObject({ status: 'open', paused: false });
    rang(again?.due, on(thursday + 7, '18:00').epochMilliseconds);
  });
});

describe('an SLA over a change of the clock and a holiday', () => {
  /** The Friday before the zone's next change of the clock after an instant. */
  function fridayBefore(change: Temporal.ZonedDateTime, time: string): Temporal.ZonedDateTime {
    expect(change.dayOfWeek).toBe(7);
    return change.subtract({ days: 2 }).withPlainTime(time);
  }

  it.each(['Europe/Berlin', 'America/New_York'])('is due at the same wall time in %s', async (zone) => {
    const change = (await localNow(environment, zone)).add({ days: 8 }).getTimeZoneTransition('next');
    if (change === null) throw new Error(`${zone} changes no clock`);
    const friday = fridayBefore(change, '16:00');
    const monday = friday.add({ days: 3 });
    const tuesday = friday.add({ days: 4 });
    expect(tuesday.offset).not.toBe(friday.offset);
    const { journey, clock, after } = await openReadiness(friday, '09:00-17:00', [monday]);

    // 1 hour on Friday, none on the holiday, 7 hours on Tuesday by the other clock.
    expect(clock.due).toBe(after(tuesday.withPlainTime('16:00')));
    expect(clock.reminders[0]).toBe(after(tuesday.withPlainTime('12:00')));
    expect(clock.calendar.zone).toBe(zone);

    await sleepUntil(environment, clock.due - 60_000);
    expect(await happened(journey, 'Escalated')).toEqual([]);
    await sleepUntil(environment, clock.due + 60_000);
    const [escalated] = await happened(journey, 'Escalated');
    rang(escalated?.at, clock.due);
    expect(escalated?.data['due']).toBe(clock.due);
    await journey.send('cancel', 'bela', { reason: digest('over') });
  });
});
