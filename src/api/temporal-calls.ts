import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { lifecycleId } from '../workflows/messages.js';
import { Problem } from './problem.js';
import {
  isLate,
  isUnknown,
  isUnreachable,
  Late,
  noLifecycle,
  unreachable,
  wasDropped,
} from './temporal-failures.js';

const VIEW_MS = 2_000;
/** To find out why something gave no answer. */
const EXPLAIN_MS = 500;
const LEEWAY_MS = 50;
const REST_MS = 50;
/** Few things fail a workflow task twice in passing; from the third attempt on it is the code or the history. */
const STUCK_ATTEMPT = 3;

/** Sends an update again as long as the server drops it undone; whoever calls sets the limit. */
export async function untilTaken<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!wasDropped(error)) throw error;
      await sleep(REST_MS);
    }
  }
}

/** Calls to Temporal that always end in time, and say why where they got no answer. */
export function createTemporalCalls(client: Client) {
  const handleOf = (key: string): WorkflowHandle => client.workflow.getHandle(lifecycleId(key));

  /** Throws `Late`, or what the client throws. */
  const within = async <T>(ms: number, call: () => Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    // The client rests between its own attempts without looking at the deadline, hence a second clock.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Late(`no answer within ${ms} ms`)), ms + LEEWAY_MS);
    });
    try {
      return await Promise.race([client.connection.withDeadline(Date.now() + ms, call), late]);
    } finally {
      clearTimeout(timer);
    }
  };

  const describe = async (key: string, ms: number = VIEW_MS): Promise<WorkflowExecutionDescription> => {
    try {
      return await within(ms, () => handleOf(key).describe());
    } catch (error) {
      throw isUnknown(error) ? noLifecycle(key) : unreachable(error);
    }
  };

  /** Why a lifecycle gave no answer: unknown, closed, stuck, out of reach with the whole engine, or only late. */
  const explain = async (key: string, late: Problem): Promise<Problem> => {
    const { status, raw } = await describe(key, EXPLAIN_MS);
    if (status.name !== 'RUNNING') {
      return new Problem('lifecycle-closed', `${key} is closed; nothing changes any more`);
    }
    const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
    if (attempt < STUCK_ATTEMPT) return late;
    const detail = `${key} failed at its last ${attempt - 1} attempts to go on; an operator has to look at its page in the Temporal UI`;
    return new Problem('lifecycle-stuck', detail, { cause: late, headers: { 'Retry-After': '30' } });
  };

  const query = async <T>(key: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> => {
    try {
      return await within(VIEW_MS, () => ask(handleOf(key)));
    } catch (error) {
      if (isUnknown(error)) throw noLifecycle(key);
      if (isUnreachable(error) && !isLate(error)) throw unreachable(error);
      const detail = `${key} did not answer in time; repeat the request in a moment`;
      const late = new Problem('view-unavailable', detail, { cause: error, headers: { 'Retry-After': '1' } });
      const problem = await explain(key, late);
      // What is closed can still be read, once a worker is there.
      throw problem.code === 'lifecycle-closed' ? late : problem;
    }
  };

  return { handleOf, within, describe, explain, query };
}
