/** One pass of the reconciler: page after page, each an activity; what was found is what it answers. */
import { makeContinueAsNewFunc, proxyActivities } from '@temporalio/workflow';
import type { Activities, PassPage } from '../activities/types.js';
import { TASK_QUEUES } from './messages.js';

/** How far a pass is, and what it has come to. */
export interface Pass {
  readonly page: PassPage;
  readonly seen: Seen;
}

interface Seen {
  /** Runs looked at, those of them with anything new to read, and findings that were new. */
  readonly runs: number;
  readonly read: number;
  readonly found: number;
}

/** Keeps a history short where there are very many lifecycles. */
const PAGES = 100;

/** Compares Temporal's lifecycles and their histories with the ledger, once. Begins anew unless it is told where. */
export async function reconcile(from?: Pass): Promise<Seen> {
  let page: PassPage = from?.page ?? { pass: Date.now(), part: 'open', cursor: null };
  let seen: Seen = from?.seen ?? { runs: 0, read: 0, found: 0 };
  for (let pages = 0; pages < PAGES; pages++) {
    const { reconcilePage } = proxyActivities<Pick<Activities, 'reconcilePage'>>({
      taskQueue: TASK_QUEUES.workflows,
      summary: `compare with the ledger: ${page.part}`,
      startToCloseTimeout: '5m',
      heartbeatTimeout: '30s',
      retry: { initialInterval: '1s', maximumInterval: '15s' },
    });
    const { next, runs, read, found } = await reconcilePage(page);
    seen = { runs: seen.runs + runs, read: seen.read + read, found: seen.found + found };
    if (next === null) return seen;
    page = next;
  }
  return makeContinueAsNewFunc<typeof reconcile>()({ page, seen });
}
