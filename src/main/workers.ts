import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createAppendEntries } from '../activities/append-entries.js';
import { createConfirmApprovers } from '../activities/approvers.js';
import { createDeliverNotices } from '../activities/deliver-notices.js';
import type { createOrigin } from '../activities/origin.js';
import type { ReconcileDependencies } from '../activities/reconcile.js';
import { createSampleMetrics } from '../activities/sample-metrics.js';
import { type Anchoring, createSealCheckpoint } from '../activities/seal-checkpoint.js';
import { createSetExposure } from '../activities/set-exposure.js';
import { createSweep } from '../activities/sweep.js';
import type { Activities } from '../activities/types.js';
import { createWatchRelease } from '../activities/watch-release.js';
import type { Directory } from '../ports/directory.js';
import type { DocumentKeeping } from '../ports/document-keeping.js';
import type { Documents } from '../ports/documents.js';
import type { Holdings } from '../ports/holdings.js';
import type { Ledger } from '../ports/ledger.js';
import type { MetricSource } from '../ports/metric-source.js';
import type { Notifier } from '../ports/notifier.js';
import type { ReleaseTarget } from '../ports/release-target.js';
import { TASK_QUEUES } from '../workflows/messages.js';
import type { Notifying } from './notifying.js';

export interface WorkerDependencies {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Path of the prebuilt workflow bundle. */
  readonly bundle: string;
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly target: ReleaseTarget;
  /** Every root key on file, by one of which a lifecycle's start is to be proven; absent under trust `dev`. */
  readonly roots?: () => Promise<readonly string[]>;
  readonly metrics: MetricSource;
  /** Where what was asked of the metric source is kept. */
  readonly documents: Documents;
  readonly notifier: Notifier;
  /** Absent: the notifier tells people, and no workflow of theirs runs here. */
  readonly notifying?: Notifying;
  /** Absent: these workers do not seal. */
  readonly anchoring?: Anchoring;
  /** Absent: these workers do not sweep. */
  readonly keeping?: DocumentKeeping;
  /** Absent: these workers do not look for holders who are gone. */
  readonly holdings?: Holdings;
  /** Absent: these workers do not reconcile. */
  readonly reconciler?: Omit<ReconcileDependencies, 'temporal' | 'ledger'>;
}

/** After a worker was killed its cached workflows are free again this soon: the first decision waits for it. */
const STICKY_TIMEOUT = '1s';
/** How often a heartbeat reaches the server, and with it how soon a cancelled effect notices. */
const HEARTBEAT_THROTTLE = '200ms';
const GRACE = { shutdownGraceTime: '2s', shutdownForceTime: '3s' } as const;

/** How the reconciler calls itself to Temporal. */
const RECONCILER_IDENTITY = 'airworthy-reconciler';
/** How what tells people does. */
const NOTIFIER_IDENTITY = 'airworthy-notifier';

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
  watch: GRACE,
  notify: GRACE,
};

/** One worker per task queue, on one connection: a slow target never takes a decision's place. */
export async function createWorkers(dependencies: WorkerDependencies): Promise<Worker[]> {
  const { connection, namespace, bundle, ledger, directory, target, metrics, documents, notifier } =
    dependencies;
  const { anchoring, keeping, holdings, reconciler, notifying, roots } = dependencies;
  const shared = { connection, namespace };
  return Promise.all([
    Worker.create({
      ...SETTINGS.workflows,
      ...shared,
      taskQueue: TASK_QUEUES.workflows,
      workflowBundle: { codePath: bundle },
      activities: {
        ...createAppendEntries(ledger),
        ...createConfirmApprovers(directory),
        ...(keeping && createSweep(keeping)),
        ...(holdings && askAfterLater(holdings, directory, shared)),
        ...(anchoring && createSealCheckpoint(anchoring)),
        ...(reconciler && reconcileLater({ ...reconciler, ledger }, shared)),
      },
    }),
    Worker.create({
      ...SETTINGS.effects,
      ...shared,
      taskQueue: TASK_QUEUES.effects,
      activities: {
        ...createSetExposure(target, directory, roots && originLater(roots, shared)),
        ...createSampleMetrics(metrics, documents),
      },
    }),
    Worker.create({
      ...SETTINGS.watch,
      ...shared,
      taskQueue: TASK_QUEUES.watch,
      activities: createWatchRelease(metrics, documents),
    }),
    Worker.create({
      ...SETTINGS.notify,
      ...shared,
      taskQueue: TASK_QUEUES.notify,
      ...(notifying
        ? {
            workflowBundle: { codePath: bundle },
            activities: await telling(notifying, directory, shared),
          }
        : { activities: createDeliverNotices(notifier) }),
    }),
  ]);
}

/** What tells people by workflows of their own: begun by the lifecycles' notices. */
async function telling(
  { preferences, channels, patience }: Notifying,
  directory: Directory,
  shared: Pick<WorkerDependencies, 'connection' | 'namespace'>,
): Promise<Partial<Activities>> {
  const [{ Client }, { createNoticeWorkflows }, { createTell }] = await Promise.all([
    import('@temporalio/client'),
    import('../activities/notice-workflows.js'),
    import('../activities/tell.js'),
  ]);
  const workflows = createNoticeWorkflows(new Client({ ...shared, identity: NOTIFIER_IDENTITY }), patience);
  return {
    ...createDeliverNotices(workflows),
    beginMessage: workflows.beginMessage,
    ...createTell({ directory, preferences, channels, join: workflows.join }),
  };
}

/** Loaded with the first effect: under trust `dev` there is none that asks. */
function originLater(
  roots: NonNullable<WorkerDependencies['roots']>,
  shared: Pick<WorkerDependencies, 'connection' | 'namespace'>,
): ReturnType<typeof createOrigin> {
  const load = async () => {
    const [{ Client }, { beginningIn, createOrigin: create }] = await Promise.all([
      import('@temporalio/client'),
      import('../activities/origin.js'),
    ]);
    return create(beginningIn(new Client({ ...shared, identity: RECONCILER_IDENTITY })), roots);
  };
  let loading: ReturnType<typeof load> | undefined;
  return async (claimed) => {
    loading ??= load();
    return (await loading)(claimed);
  };
}

/** Loaded with the first pass, like the reconciler. */
function askAfterLater(
  holdings: Holdings,
  directory: Directory,
  shared: Pick<WorkerDependencies, 'connection' | 'namespace'>,
): Pick<Activities, 'askAfterHolders'> {
  return {
    async askAfterHolders(after) {
      const [{ Client }, { createAskAfterHolders, tellBy }] = await Promise.all([
        import('@temporalio/client'),
        import('../activities/ask-after-holders.js'),
      ]);
      const tell = tellBy(new Client({ ...shared, identity: RECONCILER_IDENTITY }));
      return createAskAfterHolders({ holdings, directory, tell }).askAfterHolders(after);
    },
  };
}

/** Loaded with the first pass: what it reads messages with takes longer than the rest of a worker's start. */
function reconcileLater(
  dependencies: Omit<ReconcileDependencies, 'temporal'>,
  shared: Pick<WorkerDependencies, 'connection' | 'namespace'>,
): Pick<Activities, 'reconcilePage'> {
  const load = async (): Promise<Pick<Activities, 'reconcilePage'>> => {
    const [{ Client }, { createReconcilePage }, { createReconcileTemporal }] = await Promise.all([
      import('@temporalio/client'),
      import('../activities/reconcile.js'),
      import('../activities/reconcile-temporal.js'),
    ]);
    const client = new Client({ ...shared, identity: RECONCILER_IDENTITY });
    return createReconcilePage({ ...dependencies, temporal: createReconcileTemporal(client) });
  };
  let loading: ReturnType<typeof load> | undefined;
  return {
    async reconcilePage(page) {
      loading ??= load();
      return (await loading).reconcilePage(page);
    },
  };
}
