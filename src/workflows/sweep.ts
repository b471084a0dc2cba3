import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { TASK_QUEUES } from './messages.js';

/** Far more pages than a sweep has; what is left is for the next one. */
const MOST_PAGES = 200;

const { sweepDocuments } = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.workflows,
  // The first page reads all that the ledger says since the last sweep; a retry goes on where it stopped.
  startToCloseTimeout: '5m',
  retry: { initialInterval: '1s', maximumInterval: '1m', maximumAttempts: 10 },
});

/** Deletes the documents that need not be kept any longer. Runs on a schedule; one that fails is made up for by the next. */
export async function sweep(): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const { more } = await sweepDocuments();
    if (!more) return;
  }
}
