import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAfterSignal, TASK_QUEUES } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { demoModel, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

// Long gates: every event here is to be caused by a message.
const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
let world: World;
let journey: Journey;

beforeAll(async () => {
  world = await World.open(await devServer());
  journey = await world.begin({ key: unique('departures'), model, facts: MEDIUM, calendar: 'always' });
  await journey.submitSpec();
});
afterAll(() => world.close());

/** Writes somebody out of the people file, as on their last day. */
async function leave(person: string): Promise<void> {
  const written = await readFile(world.people, 'utf8');
  await writeFile(world.people, written.replace(`{id: ${person}, `, `{id: ${person}, active: false, `));
  expect(await world.directory.person(person)).toMatchObject({ active: false });
}

/** A pass over all lifecycles, as the schedule starts it. */
function pass(): Promise<number> {
  const workflowId = unique('ask-after');
  return world.client.workflow.execute('askAfter', { workflowId, taskQueue: TASK_QUEUES.workflows });
}

const types = async () => (await world.journal(journey.key)).map(({ type }) => type);

it.each([
  ['null', null],
  ['a text', 'omkar'],
  ['nobody', { people: [] }],
  ['no ids', { people: ['om kar'] }],
  ['more than it says', { people: ['omkar'], vacate: true }],
])('%s asks after nobody: it is recorded as refused', async (_what, message) => {
  const { version } = await journey.view();
  await journey.handle.signal('ask-after', message);
  await journey.until('the refusal', (seen) => seen.version > version);
});

it('whoever says that somebody left is not believed: the directory is asked, and knows better', async () => {
  const before = await journey.view();
  // Not omkar, whom it would then not ask after again for a while.
  await journey.handle.signal(askAfterSignal, { people: ['bela', 'gita'] });
  await eventually('the answer of the directory', async () => (await types()).includes('HoldersConfirmed'));
  const { rights, holds, handovers } = await journey.view();
  expect({ rights, holds, handovers }).toEqual({ rights: before.rights, holds: [], handovers: [] });
});

it('a pass finds a holder who left; nothing goes forward until somebody has accepted the right', async () => {
  expect(await pass()).toBe(0);
  await leave('omkar');
  // The pass reads what the ledger has by now.
  await eventually('the lifecycle is told', async () => (await pass()) > 0);
  const { rights, holds, handovers } = await journey.until(
    'the vacancy',
    (seen) => seen.handovers.length > 0,
  );
  expect(rights).toMatchObject({ businessOwner: 'bela', stopShipHolder: ['tara'] });
  expect(rights.operatingOwner).toBeUndefined();
  expect(holds).toMatchObject([{ source: 'vacancy', effect: 'forward' }]);
  expect(handovers).toMatchObject([{ right: 'operatingOwner', from: 'omkar', why: 'left' }]);
  expect(handovers[0]?.due).toBeGreaterThan(Date.now());
  const refused = await journey.refused('decide', 'leena', await journey.answer('specification'));
  expect(refused.type).toBe('held');
  await journey.send('assign-right', 'bela', { right: 'operatingOwner', person: 'deepak' });
  await journey.send('accept-handover', 'deepak', { right: 'operatingOwner' });
  expect(await journey.view()).toMatchObject({
    holds: [],
    handovers: [],
    rights: { operatingOwner: 'deepak' },
  });
  expect(await eventually('the ledger has him', async () => (await pass()) === 0)).toBe(true);
});

it('a delegate is confirmed with whoever delegated, on real people', async () => {
  const ends = Date.now() + 3_600_000;
  const bounds = { authorities: ['governance'], gates: ['specification'] } as const;
  await journey.send('delegate', 'gita', { to: 'tara', ...bounds, ends });
  await journey.decide('tara', 'specification');
  await journey.decide('leena', 'specification');
  await journey.until('implementation', ({ stage }) => stage === 'implementation');
  await eventually('the record', async () => (await types()).includes('GateClosed'));
  const [entry] = (await world.journal(journey.key)).filter(({ type }) => type === 'GateClosed');
  expect(entry?.data).toMatchObject({
    outcome: 'passed',
    by: expect.arrayContaining([
      { person: 'tara', seat: 'governance', decision: 'approve', for: 'gita' },
    ]) as unknown,
  });
});
