import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { failureOf } from '../support/journey.js';
import { demoModel, MEDIUM, seconds, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open(await devServer());
});
afterAll(() => world.close());

/** Room to open the gate and stop the workers before anything falls due. */
const model = withGateTimes(demoModel(), { sla: seconds(6), every: seconds(1) });

describe('a worker that was down while a gate ran out of time', () => {
  it('settles every deadline first: what was approved too late is refused', async () => {
    const journey = await world.begin({ key: unique('down'), model, facts: MEDIUM, calendar: 'always' });
    await journey.toReadiness();
    await journey.decide('leena', 'readiness');
    const answer = await journey.answer('readiness');
    const before = await journey.recorded();
    const opened = before.findLast(({ type }) => type === 'GateOpened');
    const { clock } = ((opened?.data ?? {}) as { gate: { clock: { timeout: number } } }).gate;
    await world.stopWorkers();
    // The workers were stopped before the first reminder.
    expect(before.filter(({ type }) => type === 'ReminderSent')).toEqual([]);

    await sleep(clock.timeout - Date.now() + 500);
    // Waits for a worker, like the approval of somebody who does not know that there is none.
    const late = journey.send('decide', 'gita', answer).then(
      () => 'approved',
      (error: unknown) => failureOf(error).type,
    );
    await world.startWorkers();

    expect(await late).toBe('gate-held');
    expect((await journey.refused('decide', 'gita', answer)).type).toBe('gate-held');
    const held = await journey.until('held', ({ holds }) => holds.length > 0);
    expect(held).toMatchObject({ stage: 'review', holds: [{ source: 'timeout', effect: 'forward' }] });
    expect(held.gates[0]).toMatchObject({ status: 'held', decisions: [{ person: 'leena', late: false }] });

    const after = (await journey.recorded()).slice(before.length).filter(({ at }) => at >= clock.timeout);
    const deadlines = after.filter(({ type }) =>
      ['ReminderSent', 'Escalated', 'GateTimedOut', 'HoldPlaced'].includes(type),
    );
    expect(deadlines.map(({ type, data }) => [type, (data as { step?: string }).step])).toEqual([
      ['ReminderSent', undefined],
      ['ReminderSent', undefined],
      ['Escalated', 'lead'],
      ['Escalated', 'function-head'],
      ['Escalated', 'resolver'],
      ['GateTimedOut', undefined],
      ['HoldPlaced', undefined],
    ]);
    expect(await world.applied(journey.key)).toEqual([]);
  });
});

describe('workers that are stopped and started during an effect', () => {
  it('carry it out once, and the rollout goes on', async () => {
    const journey = await world.begin({
      key: unique('effect'),
      model: demoModel(),
      facts: MEDIUM,
      calendar: 'always',
    });
    await journey.toReadiness();
    await world.faultAtTarget({ kind: 'slow', lifecycle: journey.key, ms: 4_000, times: 1 });
    const { slow = 0 } = await world.fired();
    await journey.passReadiness();
    await eventually('the effect is under way', async () => ((await world.fired())['slow'] ?? 0) > slow);
    await world.stopWorkers();
    await world.startWorkers();
    const accepting = await journey.until(
      'the last step has passed',
      ({ candidate }) => candidate?.phase === 'accepting',
    );
    expect(accepting.holds).toEqual([]);
    const applied = await world.applied(journey.key);
    expect(applied.map(({ allocation }) => allocation.candidate?.percent)).toEqual([10, 50, 100]);
    expect(applied.map(({ fence }) => fence)).toEqual([1, 2, 3]);
  });
});
