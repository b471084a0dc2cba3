import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { digestOf } from '../../src/domain/digest.js';
import {
  LIFECYCLE_WORKFLOW,
  lifecycleId,
  lifecycleQuery,
  TASK_QUEUES,
  updates,
} from '../../src/workflows/messages.js';
import { FLOOR_QUEUES } from '../floor/queues.js';
import { decideUpdate } from '../floor/workflow.js';
import { resolvePilot, startedAs } from '../ours/start.js';
import { PROGRAMS, startProcess } from '../processes.js';
import { type Result, result } from '../result.js';
import { median } from '../statistics.js';

const ROUNDS = 3;

/** From the start of a worker's process, with a prebuilt bundle, until it takes work. */
export async function measureReady(variables: NodeJS.ProcessEnv): Promise<Result[]> {
  const times: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [who, program] of [
      ['floor', PROGRAMS.floorWorker],
      ['ours', PROGRAMS.worker],
    ] as const) {
      const worker = await startProcess(program, variables);
      times[who].push(worker.readyMs);
      await worker.stop();
    }
  }
  const pair = { ours: median(times.ours), floor: median(times.floor) };
  return [result('worker ready', 'ms', pair, { of: 'ratio', bound: 'at most', limit: 1.5 })];
}

/** Until what the start set off is done: a task that dies with its worker is another matter, of its own timeout. */
const QUIET_MS = 500;

/** A decision sent the moment the worker that held the workflow was killed, while a new one starts. */
async function firstDecision(
  program: string,
  variables: NodeJS.ProcessEnv,
  begin: () => Promise<() => Promise<unknown>>,
): Promise<number> {
  const doomed = await startProcess(program, variables);
  const decide = await begin();
  await sleep(QUIET_MS);
  await doomed.kill();
  const sent = performance.now();
  const answered = decide().then(() => performance.now() - sent);
  const [next, took] = await Promise.all([startProcess(program, variables), answered]);
  await next.stop();
  return took;
}

async function beginOurs(client: Client): Promise<() => Promise<unknown>> {
  const { start, actors } = await resolvePilot();
  const key = `bench-${randomUUID()}`;
  const handle = await client.workflow.start(LIFECYCLE_WORKFLOW, {
    workflowId: lifecycleId(key),
    taskQueue: TASK_QUEUES.workflows,
    args: [{ start: await startedAs(start, key), trust: 'dev', link: '' }],
  });
  const actor = actors.get('builder');
  if (actor === undefined) throw new Error('nobody is called builder');
  await handle.query(lifecycleQuery, { actor, now: Date.now() });
  const payload = { gate: 'start', comment: digestOf({ text: 'after the kill' }) };
  return () =>
    handle.executeUpdate(updates.comment, { args: [{ id: 'first', digest: 'first', actor, payload }] });
}

async function beginFloor(client: Client): Promise<() => Promise<unknown>> {
  const handle = await client.workflow.start('floor', {
    workflowId: `floor/${randomUUID()}`,
    taskQueue: FLOOR_QUEUES.workflows,
    args: [],
  });
  await handle.executeUpdate(decideUpdate, { args: [{ decision: 'before the kill' }] });
  return () => handle.executeUpdate(decideUpdate, { args: [{ decision: 'after the kill' }] });
}

/** How long the first decision after a SIGKILL of the worker takes, the start of the next one included. */
export async function measureAfterKill(client: Client, variables: NodeJS.ProcessEnv): Promise<Result[]> {
  const times: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.floor.push(await firstDecision(PROGRAMS.floorWorker, variables, () => beginFloor(client)));
    times.ours.push(await firstDecision(PROGRAMS.worker, variables, () => beginOurs(client)));
  }
  const pair = { ours: median(times.ours), floor: median(times.floor) };
  return [
    result('first decision after a killed worker', 'ms', pair, {
      of: 'ours',
      bound: 'at most',
      limit: 2_000,
    }),
  ];
}
