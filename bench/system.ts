import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createPeopleFile } from '../src/adapters/people-file.js';
import { API_IDENTITY } from '../src/contracts/identities.js';
import { createPostgresDocuments } from '../src/ledger/documents/postgres-documents.js';
import { createPool } from '../src/ledger/pool.js';
import { createPostgresLedger } from '../src/ledger/postgres-ledger.js';
import { createProjector } from '../src/ledger/projection/projector.js';
import { inCheckout } from '../src/main/checkout.js';
import { startMemoryServer } from '../src/main/servers/memory-server.js';
import { installWorkerLog } from '../src/main/worker-log.js';
import { createWorkers } from '../src/main/workers.js';
import type { Documents } from '../src/ports/documents.js';
import { type Contestant, EffectsSeen } from './contestant.js';
import { createFloorActivities } from './floor/activities.js';
import { createFloor } from './floor/contestant.js';
import { createFloorWorkers } from './floor/workers.js';
import { createOurs } from './ours/contestant.js';
import { createIdleTarget, createSilentNotifier, noMetrics } from './ours/ports.js';
import { documents, PEOPLE } from './ours/start.js';

/** Everything that runs while journeys are measured. */
export interface System {
  readonly address: string;
  readonly client: Client;
  readonly effects: EffectsSeen;
  readonly ours: Contestant;
  readonly floor: Contestant;
  stop(): Promise<void>;
}

/** Both contestants on one tuned server in memory, with workers of the same settings in this process. */
export async function startSystem(address: string, database: string, floorBundle: string): Promise<System> {
  const log = pino({ name: 'bench', level: 'warn' });
  const pool = createPool(database);
  const stored = createPostgresDocuments(pool, randomBytes(32));
  // Those that were started over HTTP have theirs in the database.
  const get: Documents['get'] = async (digest) => (await documents.get(digest)) ?? stored.get(digest);
  const projector = createProjector(pool, { get }, log);
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, identity: API_IDENTITY });
  const effects = new EffectsSeen();
  const workers: Worker[] = [
    ...(await createWorkers({
      connection,
      namespace: 'default',
      bundle: inCheckout('dist', 'workflow-bundle.js'),
      ledger: createPostgresLedger(pool, projector.project),
      directory: createPeopleFile(PEOPLE),
      target: createIdleTarget(effects),
      metrics: noMetrics,
      documents,
      notifier: createSilentNotifier(effects),
    })),
    ...(await createFloorWorkers({ connection, bundle: floorBundle }, createFloorActivities(effects))),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    address,
    client,
    effects,
    ours: await createOurs(client, effects),
    floor: createFloor(client, effects),
    async stop() {
      for (const worker of workers) worker.shutdown();
      await running;
      await projector.close();
      await Promise.all([pool.end(), connection.close(), clientConnection.close()]);
    },
  };
}

/** The server both contestants share, and the SDK's log; before any worker. */
export async function startServer(say: (line: string) => void) {
  installWorkerLog(pino({ name: 'bench', level: 'error' }));
  return startMemoryServer({ variables: process.env, say });
}
