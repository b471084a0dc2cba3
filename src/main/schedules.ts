import { setTimeout as sleep } from 'node:timers/promises';
import {
  Client,
  Connection,
  type ConnectionOptions,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Logger } from 'pino';
import { reason } from '../adapters/system-error.js';
import type { AnchorInput } from '../workflows/anchor.js';
import { TASK_QUEUES } from '../workflows/messages.js';

/** A workflow that runs again and again. */
export interface Scheduled {
  /** Of the schedule; its workflows are called `{id}-{instant}`. */
  readonly id: string;
  readonly workflow: keyof typeof import('../workflows/index.js');
  /** Milliseconds. One that still runs when the next is due is not joined by it. */
  readonly every: number;
  readonly taskQueue: string;
  readonly args: readonly unknown[];
  /** What it does, for operators. */
  readonly summary: string;
}

/** How often what runs, in milliseconds. */
export interface Intervals {
  readonly anchorEvery: number;
  readonly reconcileEvery: number;
}

/** After a pause of two hours a sweep first waits for late events before it deletes anything. */
const SWEEP_EVERY_MS = 3_600_000;
/** How long somebody may be gone before what they held is looked at; the directory is asked for every holder. */
const ASK_AFTER_EVERY_MS = 900_000;
/** A server that was away gets one run of each, not those of the night. */
const CATCH_UP_MS = 60_000;
const RETRY_MS = 2_000;
const RETRY_AT_MOST_MS = 30_000;

/** Everything that is scheduled: a row each. */
export function schedulesOf({ anchorEvery, reconcileEvery }: Intervals): readonly Scheduled[] {
  const anchoring: AnchorInput = { patienceMs: Math.max(1_000, Math.floor(anchorEvery / 2)) };
  return [
    {
      id: 'anchor',
      workflow: 'anchor',
      every: anchorEvery,
      taskQueue: TASK_QUEUES.workflows,
      args: [anchoring],
      summary: 'Seal the ledger, and hand the checkpoint to witnesses',
    },
    {
      id: 'reconcile',
      workflow: 'reconcile',
      every: reconcileEvery,
      taskQueue: TASK_QUEUES.workflows,
      args: [],
      summary: 'Compare Temporal with the ledger, and find what went past the API',
    },
    {
      id: 'ask-after',
      workflow: 'askAfter',
      every: ASK_AFTER_EVERY_MS,
      taskQueue: TASK_QUEUES.workflows,
      args: [],
      summary: 'Look for holders of rights whom the directory no longer finds',
    },
    {
      id: 'sweep',
      workflow: 'sweep',
      every: SWEEP_EVERY_MS,
      taskQueue: TASK_QUEUES.workflows,
      args: [],
      summary: 'Delete the documents that need not be kept any longer',
    },
  ];
}

/**
 * Makes the schedules at the server what they are here. One that an operator paused stays paused; one that is not in
 * the list is left alone. Safe from several workers at once. Throws what the client throws.
 */
export async function ensureSchedules(client: Client, schedules: readonly Scheduled[]): Promise<void> {
  for (const scheduled of schedules) {
    const { id, workflow, every, taskQueue, args, summary } = scheduled;
    const options = {
      spec: { intervals: [{ every }] },
      action: {
        type: 'startWorkflow' as const,
        workflowType: workflow,
        workflowId: id,
        taskQueue,
        args: [...args],
        staticSummary: summary,
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
    };
    try {
      const handle = await client.schedule.create({ ...options, scheduleId: id, state: { note: summary } });
      // The first at once; the option of that name would let it overlap with the second.
      await handle.trigger(ScheduleOverlapPolicy.SKIP);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(id).update(({ state }) => ({ ...options, state }));
    }
  }
}

/** Does so in the background until it has worked: a worker carries lifecycles meanwhile. Call the answer to give up. */
export function keepSchedules(
  client: Client,
  schedules: readonly Scheduled[],
  log: Pick<Logger, 'info' | 'warn'>,
): () => Promise<void> {
  const stopped = new AbortController();
  const trying = (async () => {
    for (let pause = RETRY_MS; !stopped.signal.aborted; pause = Math.min(2 * pause, RETRY_AT_MOST_MS)) {
      try {
        await ensureSchedules(client, schedules);
        return log.info({ schedules: schedules.map(({ id }) => id) }, 'schedules are set');
      } catch (error) {
        if (stopped.signal.aborted) return;
        log.warn({ error: reason(error) }, 'schedules cannot be set yet; trying again');
      }
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopped.abort();
    await trying;
  };
}

/** The same over a connection of its own. */
export function startSchedules(
  { connectionOptions, namespace }: { connectionOptions: ConnectionOptions; namespace: string },
  intervals: Intervals,
  log: Pick<Logger, 'info' | 'warn'>,
): () => Promise<void> {
  const connection = Connection.lazy(connectionOptions);
  const giveUp = keepSchedules(new Client({ connection, namespace }), schedulesOf(intervals), log);
  return async () => {
    await giveUp();
    await connection.close();
  };
}
