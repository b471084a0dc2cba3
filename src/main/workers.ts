import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createAppendEntries } from '../activities/append-entries.js';
import { createConfirmApprovers } from '../activities/approvers.js';
import { createDeliverNotices } from '../activities/deliver-notices.js';
import { createSampleMetrics } from '../activities/sample-metrics.js';
import { createSetExposure } from '../activities/set-exposure.js';
import type { Directory } from '../ports/directory.js';
import type { Ledger } from '../ports/ledger.js';
import type { MetricSource } from '../ports/metric-source.js';
import type { Notifier } from '../ports/notifier.js';
import type { ReleaseTarget } from '../ports/release-target.js';
import { TASK_QUEUES } from '../workflows/messages.js';

export interface WorkerDependencies {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Path of the prebuilt workflow bundle. */
  readonly bundle: string;
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly target: ReleaseTarget;
  readonly metrics: MetricSource;
  readonly notifier: Notifier;
}

/** After a worker was killed its cached workflows are free again this soon: the first decision waits for it. */
const STICKY_TIMEOUT = '1s';
/** How often a heartbeat reaches the server, and with it how soon a cancelled effect notices. */
const HEARTBEAT_THROTTLE = '200ms';
const GRACE = { shutdownGraceTime: '2s', shutdownForceTime: '3s' } as const;

type Settings = Omit<
  WorkerOptions,
  'taskQueue' | 'connection' | 'namespace' | 'activities' | 'workflowBundle'
>;

/** How the worker of each task queue is set; the benchmarks give the same to the workflow they compare with. */
export const SETTINGS: { readonly [Q in keyof typeof TASK_QUEUES]: Settings } = {
  workflows: {
    ...GRACE,
    stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
  },
  effects: {
    ...GRACE,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
  },
  notify: GRACE,
};

/** One worker per task queue, on one connection: a slow target never takes a decision's place. */
export async function createWorkers(dependencies: WorkerDependencies): Promise<Worker[]> {
  const { connection, namespace, bundle, ledger, directory, target, metrics, notifier } = dependencies;
  const shared = { connection, namespace };
  return Promise.all([
    Worker.create({
      ...SETTINGS.workflows,
      ...shared,
      taskQueue: TASK_QUEUES.workflows,
      workflowBundle: { codePath: bundle },
      activities: { ...createAppendEntries(ledger), ...createConfirmApprovers(directory) },
    }),
    Worker.create({
      ...SETTINGS.effects,
      ...shared,
      taskQueue: TASK_QUEUES.effects,
      activities: { ...createSetExposure(target, directory), ...createSampleMetrics(metrics) },
    }),
    Worker.create({
      ...SETTINGS.notify,
      ...shared,
      taskQueue: TASK_QUEUES.notify,
      activities: createDeliverNotices(notifier),
    }),
  ]);
}
