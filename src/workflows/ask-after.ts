import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { TASK_QUEUES } from './messages.js';

/** Far more pages than there are lifecycles; what is left is for the next pass. */
const MOST_PAGES = 200;

/** Has every lifecycle ask after holders whom the directory no longer finds; answers how many were told. */
export async function askAfter(): Promise<number> {
  const { askAfterHolders } = proxyActivities<Pick<Activities, 'askAfterHolders'>>({
    taskQueue: TASK_QUEUES.workflows,
    summary: 'look for holders of rights who are gone',
    startToCloseTimeout: '5m',
    heartbeatTimeout: '30s',
    retry: { initialInterval: '1s', maximumInterval: '1m' },
  });
  let told = 0;
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const seen: Awaited<ReturnType<Activities['askAfterHolders']>> = await askAfterHolders(after);
    told += seen.told;
    if (seen.next === null) return told;
    after = seen.next;
  }
  return told;
}
