import { type NativeConnection, Worker } from '@temporalio/worker';
import { SETTINGS } from '../../src/main/workers.js';
import type { FloorActivities } from './activities.js';
import { FLOOR_QUEUES } from './queues.js';

/** One worker per task queue with the settings of ours. */
export async function createFloorWorkers(
  { connection, bundle }: { connection: NativeConnection; bundle: string },
  { confirm, expose, tell }: FloorActivities,
): Promise<Worker[]> {
  const { workflows, effects, notify } = SETTINGS;
  return Promise.all([
    Worker.create({
      ...workflows,
      connection,
      taskQueue: FLOOR_QUEUES.workflows,
      workflowBundle: { codePath: bundle },
      activities: { confirm },
    }),
    Worker.create({ ...effects, connection, taskQueue: FLOOR_QUEUES.effects, activities: { expose } }),
    Worker.create({ ...notify, connection, taskQueue: FLOOR_QUEUES.notify, activities: { tell } }),
  ]);
}
