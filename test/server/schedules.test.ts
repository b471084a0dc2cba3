import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureSchedules, keepSchedules, type Scheduled, schedulesOf } from '../../src/main/schedules.js';
import { eventually } from '../support/eventually.js';
import { devServer, unique } from '../support/temporal.js';

let client: Client;
const ids: string[] = [];

beforeAll(async () => {
  client = (await devServer()).client;
});
afterAll(async () => {
  for (const id of ids) {
    const handle = client.schedule.getHandle(id);
    const { info } = await handle.describe();
    await handle.delete();
    for (const { action } of info.recentActions) {
      const { workflowId } = action.workflow;
      await client.workflow
        .getHandle(workflowId)
        .terminate('the test is over')
        .catch(() => undefined);
    }
  }
});

/** The row of anchors, under another name and on a queue that nobody works on. */
function row(changes: Partial<Scheduled> = {}): Scheduled {
  const [anchor] = schedulesOf({ anchorEvery: 600_000, reconcileEvery: 120_000 });
  if (anchor === undefined) throw new Error('anchors are not scheduled');
  const id = unique('schedule');
  ids.push(id);
  return { ...anchor, id, taskQueue: unique('nobody'), ...changes };
}

const described = ({ id }: Scheduled) => client.schedule.getHandle(id).describe();

it('begins at once, and does not join a run that is still under way', async () => {
  const scheduled = row({ every: 1_000 });
  await ensureSchedules(client, [scheduled]);
  const { info, policies, action } = await eventually('a run is passed over', async () => {
    const description = await described(scheduled);
    return description.info.numActionsSkippedOverlap > 0 && description;
  });
  expect(info.recentActions).toHaveLength(1);
  expect(info.recentActions[0]?.action.workflow.workflowId).toMatch(new RegExp(`^${scheduled.id}-`));
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60_000 });
  expect(action).toMatchObject({ workflowType: 'anchor', args: [{ patienceMs: 300_000 }] });
});

it('is the same however often it is set, takes what changed, and leaves what an operator paused', async () => {
  const scheduled = row();
  await Promise.all([1, 2, 3].map(() => ensureSchedules(client, [scheduled])));
  await client.schedule.getHandle(scheduled.id).pause('for a while');
  await ensureSchedules(client, [{ ...scheduled, every: 120_000, args: [{ patienceMs: 1 }] }]);
  const { spec, action, state, info } = await described(scheduled);
  expect(spec.intervals).toMatchObject([{ every: 120_000 }]);
  expect(action).toMatchObject({ args: [{ patienceMs: 1 }] });
  expect(state).toMatchObject({ paused: true, note: 'for a while' });
  expect(info.numActionsTaken).toBe(1);
});

it('is tried in the background until the server answers, and given up when told to', async () => {
  const scheduled = row();
  let failures = 2;
  const warned: unknown[] = [];
  const flaky = {
    schedule: {
      create: (options: Parameters<Client['schedule']['create']>[0]) => {
        if (failures-- > 0) throw new Error('not there yet');
        return client.schedule.create(options);
      },
    },
  } as unknown as Client;
  const log = { info: () => undefined, warn: (about: unknown) => void warned.push(about) };
  const stop = keepSchedules(flaky, [scheduled], log);
  await eventually('the schedule', () => described(scheduled));
  await stop();
  expect(warned).toEqual([{ error: 'not there yet' }, { error: 'not there yet' }]);

  failures = Number.POSITIVE_INFINITY;
  await keepSchedules(flaky, [scheduled], log)();
});
