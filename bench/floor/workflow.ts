/**
 * The least that a person would write by hand for the same journey: five decisions acknowledged durably, five
 * activities on the same three queues, no rules and no ledger.
 */
import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';
import type { FloorActivities } from './activities.js';
import { FLOOR_QUEUES } from './queues.js';

export const decideUpdate = defineUpdate<{ decisions: number }, [{ decision: string }]>('decide');

const timeout = { startToCloseTimeout: '1m' } as const;
const { confirm } = proxyActivities<FloorActivities>({ ...timeout, taskQueue: FLOOR_QUEUES.workflows });
const { expose } = proxyActivities<FloorActivities>({ ...timeout, taskQueue: FLOOR_QUEUES.effects });
const { tell } = proxyActivities<FloorActivities>({ ...timeout, taskQueue: FLOOR_QUEUES.notify });

export async function floor(): Promise<void> {
  let decisions = 0;
  setHandler(decideUpdate, () => ({ decisions: ++decisions }));
  const decided = (n: number) => condition(() => decisions >= n);

  const told = tell();
  await decided(2);
  await confirm();
  await expose();
  await expose();
  await decided(5);
  await expose();
  await told;
}
