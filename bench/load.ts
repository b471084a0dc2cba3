import { cpus } from 'node:os';
import type { Contestant } from './contestant.js';
import { percentile } from './statistics.js';

/** What one closed loop of journeys measured. */
export interface Load {
  readonly perSecond: number;
  /** Round trips of decisions in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  /** Busy milliseconds of the whole machine for each journey. */
  readonly cpu: number;
  readonly workflowIds: readonly string[];
}

/** Runs `journeys` journeys, `concurrency` at once; begins no new one after `maxMs`. */
export async function load(
  contestant: Contestant,
  { concurrency, journeys, maxMs }: { concurrency: number; journeys: number; maxMs: number },
): Promise<Load> {
  const trips: number[] = [];
  const workflowIds: string[] = [];
  const busyBefore = busyMs();
  const begun = performance.now();
  let left = journeys;
  const one = async (): Promise<void> => {
    while (left > 0 && performance.now() - begun < maxMs) {
      left--;
      workflowIds.push(await contestant.journey((ms) => trips.push(ms)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  const took = performance.now() - begun;
  const done = workflowIds.length;
  return {
    perSecond: (done * 1_000) / took,
    p50: percentile(trips, 0.5),
    p95: percentile(trips, 0.95),
    cpu: (busyMs() - busyBefore) / done,
    workflowIds,
  };
}

function busyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
