import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Allocation } from '../domain/release/allocation.js';
import { sameAllocation } from '../domain/release/exposure.js';
import type { Directory } from '../ports/directory.js';
import { type ReleaseTarget, StaleFence } from '../ports/release-target.js';
import { ineligibleApprovers } from './approvers.js';
import type { Claimed } from './origin.js';
import type { Activities, ExposureOutcome } from './types.js';

const HEARTBEAT_MS = 200;

/** Heartbeats while something runs: it is how a cancellation reaches an effect that waits for its target. */
async function whileHeartbeating<R>(run: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await run(context.cancellationSignal);
  } finally {
    clearInterval(beating);
  }
}

/** The one effect on a release target: eligible approvers first, then apply by key and fence, then read back. */
export function createSetExposure(
  target: ReleaseTarget,
  directory: Directory,
  /** Whether the run was begun by the API; absent under trust `dev`: nobody asks. */
  isOurs?: (claimed: Claimed) => Promise<boolean>,
): Pick<Activities, 'setExposure'> {
  const apply: Activities['setExposure'] = async ({ key, lifecycle, team, fence, allocation, approvers }) => {
    return whileHeartbeating(async (signal): Promise<ExposureOutcome> => {
      if (isOurs && exposes(allocation)) await requireOurs(isOurs, lifecycle);
      const people = await ineligibleApprovers(directory, team, approvers);
      if (people.length > 0) return { outcome: 'ineligible', people };
      const place = target.forTeam?.(team) ?? target;
      try {
        await place.apply({ effectKey: key, fence, lifecycle, allocation }, signal);
      } catch (error) {
        if (error instanceof StaleFence) return { outcome: 'fenced', fence: error.current };
        throw error;
      }
      const applied = await place.read(lifecycle, signal);
      // A repeated key is answered as done, though something later may stand by now: no retry would ever see its own.
      if (applied && applied.fence > fence) return { outcome: 'fenced', fence: applied.fence };
      if (applied?.fence === fence && sameAllocation(applied.allocation, allocation)) {
        return { outcome: 'applied', allocation: applied.allocation };
      }
      const { detail } = await place.health(lifecycle, signal);
      const message = `the target does not show effect ${key} yet; asked how it is, it says: ${detail.slice(0, 300)}`;
      throw ApplicationFailure.retryable(message, 'NotReadBack');
    });
  };
  return { setExposure: apply };
}

/** Taking back is never refused. */
const exposes = ({ candidate, serving }: Allocation): boolean => candidate !== null || serving !== null;

/** Throws for a run that somebody started past the API: it could have decided whatever it liked. */
async function requireOurs(isOurs: (claimed: Claimed) => Promise<boolean>, lifecycle: string): Promise<void> {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution !== undefined && (await isOurs({ ...workflowExecution, lifecycle }))) return;
  const message = `the API did not start this run of ${lifecycle}: nothing is exposed for it`;
  throw ApplicationFailure.nonRetryable(message, 'EffectRefused');
}
