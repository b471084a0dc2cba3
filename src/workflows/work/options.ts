import {
  ActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import { TASK_QUEUES } from '../messages.js';

/** Errors that no retry mends: the ports' own codes for them. */
const HOPELESS = ['LedgerConflict', 'LedgerGap', 'StaleFence', 'EffectRefused'];

/** Reads and writes of our own: short, retried without end. */
export const QUICK: ActivityOptions = {
  taskQueue: TASK_QUEUES.workflows,
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', maximumInterval: '10s', nonRetryableErrorTypes: HOPELESS },
};

/** One try within a workflow task: other messages wait for it, so it is short. */
export const AT_ONCE: LocalActivityOptions = { startToCloseTimeout: '1s', retry: { maximumAttempts: 1 } };

/**
 * Effects on a release target. The heartbeat brings a cancellation within its throttle, and the lane stays
 * taken until the effect has really ended: the next one never overtakes it.
 */
export const EFFECT: ActivityOptions = {
  taskQueue: TASK_QUEUES.effects,
  startToCloseTimeout: '1m',
  heartbeatTimeout: '5s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500ms', maximumInterval: '15s', nonRetryableErrorTypes: HOPELESS },
};

/** A measurement: tried a few times, then it is an errored verification, which never passes. */
export const MEASUREMENT: ActivityOptions = {
  taskQueue: TASK_QUEUES.effects,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '5s', maximumAttempts: 4 },
};

/**
 * Watching. While nothing changes an attempt fails, says when the next one is due, and writes no history; the
 * intervals here are for one that was lost with its worker, and for no answer of the activity itself.
 */
export const WATCH: ActivityOptions = {
  taskQueue: TASK_QUEUES.watch,
  startToCloseTimeout: '1m',
  retry: { initialInterval: '5s', backoffCoefficient: 1 },
};

export const NOTIFICATION: ActivityOptions = {
  taskQueue: TASK_QUEUES.notify,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
};
