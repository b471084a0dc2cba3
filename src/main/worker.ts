import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { openMailboxNotifier } from '../adapters/mailbox-notifier.js';
import { createDocumentKeeping } from '../ledger/documents/keeping.js';
import { createPostgresDocuments } from '../ledger/documents/postgres-documents.js';
import { createPostgresLedger } from '../ledger/postgres-ledger.js';
import { createHoldings } from '../ledger/projection/holders.js';
import { createProjector } from '../ledger/projection/projector.js';
import { createReconcileRecords } from '../ledger/reconcile/records.js';
import { createAnchoring } from './anchoring.js';
import { inCheckout } from './checkout.js';
import { openPool } from './database-pool.js';
import { masterKeyIn } from './document-store.js';
import { readEnvironment, readTemporalConnection } from './environment.js';
import { openDirectory } from './identity.js';
import { createNotifying, linksTo } from './notifying.js';
import { openMetricSource } from './open-metric-source.js';
import { openReleaseTarget } from './open-release-target.js';
import { openRoots } from './open-signer.js';
import { reportFailure } from './operator-error.js';
import { requireSafe } from './safe-start.js';
import { installWorkerLog } from './worker-log.js';
import { createWorkers } from './workers.js';

/** Runs the workers of all task queues until told to stop. */
async function run(): Promise<void> {
  const environment = readEnvironment();
  requireSafe(environment);
  const { home, trust, logLevel } = environment;
  const log = pino({ name: 'worker', level: logLevel });
  installWorkerLog(log);
  const { connectionOptions, namespace } = readTemporalConnection();
  const pool = openPool(environment, log);
  const [connection, masterKey, mailbox, { directory }, target, metrics] = await Promise.all([
    NativeConnection.connect(connectionOptions),
    masterKeyIn(environment),
    openMailboxNotifier(join(home, 'mailbox.jsonl'), log),
    openDirectory(environment, pool, log),
    openReleaseTarget(environment),
    openMetricSource(environment),
  ]);
  const roots = trust === 'signed' ? await openRoots(environment) : undefined;
  const link = environment.publicUrl ?? `http://127.0.0.1:${environment.apiPort}`;
  const notifying = await createNotifying(environment.notify, mailbox, linksTo(link));
  const documents = createPostgresDocuments(pool, masterKey);
  const projector = createProjector(pool, documents, log);
  const workers = await createWorkers({
    connection,
    namespace,
    bundle: inCheckout('dist', 'workflow-bundle.js'),
    ledger: createPostgresLedger(pool, projector.project),
    anchoring: createAnchoring(environment, pool, log),
    keeping: createDocumentKeeping(pool),
    holdings: createHoldings(pool),
    reconciler: { records: createReconcileRecords(pool), documents, ...(roots && { roots: roots.believed }) },
    directory,
    ...(roots && { roots: roots.known }),
    target,
    metrics,
    documents,
    notifier: mailbox,
    ...(notifying && { notifying }),
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Without the parent that started it nobody would ever stop this process.
  process.once('disconnect', stop);
  const running = Promise.all(workers.map((worker) => worker.run()));
  process.send?.({ ready: true });
  log.info('carrying lifecycles');
  // Not before: a worker that is ready sooner answers sooner, and what is scheduled can wait.
  const { startSchedules } = await import('./schedules.js');
  const intervals = { anchorEvery: environment.anchorEveryMs, reconcileEvery: environment.reconcileEveryMs };
  const stopSchedules = startSchedules({ connectionOptions, namespace }, intervals, log);
  await running;
  await Promise.all([stopSchedules(), projector.close()]);
  await Promise.all([pool.end(), mailbox.close(), connection.close()]);
  if (process.connected) process.disconnect();
}

run().catch(reportFailure);
