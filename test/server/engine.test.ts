import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { demoModel, MEDIUM, seconds, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique, workflowBundle } from '../support/temporal.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open(await devServer());
});
afterAll(() => world.close());

/** A reminder soon after opening, and nothing else that a clock does while the test looks. */
const model = withGateTimes(demoModel(), { sla: seconds(6), every: seconds(600), reminders: [50] });

/** Both approve while nobody can say who is who: the gate is confirming while its reminder comes due. */
async function confirmOverReminder(journey: Journey, gate: string): Promise<{ back(): Promise<void> }> {
  const people = await world.withoutPeople();
  await journey.decide('leena', gate);
  const { view } = await journey.decide('gita', gate);
  const [open] = view.gates;
  expect(open).toMatchObject({ gate, status: 'confirming' });
  const opened = (await journey.recorded()).findLast(({ type }) => type === 'GateOpened');
  const { clock } = ((opened?.data ?? {}) as { gate: { clock: { reminders: number[] } } }).gate;
  const reminder = clock.reminders[0] ?? 0;
  expect(Date.now()).toBeLessThan(reminder);
  await sleep(reminder - Date.now() + 1_500);
  expect((await journey.view()).gates).toMatchObject([{ gate, status: 'confirming' }]);
  return people;
}

async function reminders(journey: Journey): Promise<string[]> {
  const entries = await journey.recorded();
  return entries.flatMap(({ type, data }) =>
    type === 'ReminderSent' ? [(data as { gate: string }).gate] : [],
  );
}

it('a poke moves a lifecycle to another engine at a continue-as-new; what it recorded before still replays', async () => {
  const key = unique('engine');
  const journey = await world.begin({ key, model, facts: MEDIUM, calendar: 'always', engine: 1 });
  await journey.submitSpec();
  const people = await confirmOverReminder(journey, 'specification');
  // As engine 1 has always done it.
  expect(await reminders(journey)).toEqual(['specification']);
  await people.back();
  await journey.until('the gate passes', ({ stage }) => stage === 'implementation');

  await journey.handle.signal('poke', { engine: 2 });
  await eventually('the next run', async () => (await journey.runs()).length === 2);
  const [, next] = await journey.runs();
  const changed = (await journey.recorded()).filter(({ type }) => type === 'EngineChanged');
  expect(changed.map(({ data }) => data)).toEqual([{ from: 1, to: 2 }]);

  const { delivery } = await journey.view();
  await journey.registerRelease('release', delivery?.spec?.digest ?? '');
  await journey.send('submit-for-review', 'hari', {});
  await confirmOverReminder(journey, 'readiness');
  expect(await reminders(journey)).toEqual(['specification']);

  // A gate that is re-opened makes up for the reminder that it did not send.
  const written = await readFile(`${world.people}-away`, 'utf8');
  await writeFile(world.people, written.replace('id: gita,', 'id: gita, active: false,'));
  await journey.until('the gate is open again', ({ gates }) => gates[0]?.status === 'open');
  expect(await reminders(journey)).toEqual(['specification', 'readiness']);

  for (const { history } of await journey.runs()) {
    await Worker.runReplayHistory({ workflowBundle }, history, journey.handle.workflowId);
  }
  expect(next?.runId).toBe((await journey.handle.describe()).runId);
}, 120_000);

it.each([{ engine: 3 }, { engine: 4 }, { engine: 0 }, {}])(
  'a poke with %j keeps the engine and the run',
  async (message) => {
    const journey = await world.begin({ key: unique('kept'), model, facts: MEDIUM, calendar: 'always' });
    await journey.handle.signal('poke', message);
    const { version } = await journey.view();
    await sleep(500);
    expect((await journey.view()).version).toBe(version);
    expect(await journey.runs()).toHaveLength(1);
  },
);
