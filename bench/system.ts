import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createPeopleFile } from '../src/adapters/people-file.js';
import { openJournalLedger } from '../src/ledger/journal-ledger.js';
import { inCheckout } from '../src/main/checkout.js';
import { startMemoryServer } from '../src/main/servers/memory-server.js';
import { installWorkerLog } from '../src/main/worker-log.js';
import { createWorkers } from '../src/main/workers.js';
import { type Contestant, EffectsSeen } from './contestant.js';
import { createFloorActivities } from './floor/activities.js';
import { createFloor } from './floor/contestant.js';
import { createFloorWorkers } from './floor/workers.js';
import { createOurs } from './ours/contestant.js';
import { createIdleTarget, createSilentNotifier, noMetrics } from './ours/ports.js';
import { PEOPLE } from './ours/start.js';

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
export async function startSystem(address: string, floorBundle: string): Promise<System> {
  const log = pino({ name: 'bench', level: 'warn' });
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-bench-'));
  const ledger = await openJournalLedger(join(folder, 'journal'), 'events', log);
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection });
  const effects = new EffectsSeen();
  const workers: Worker[] = [
    ...(await createWorkers({
      connection,
      namespace: 'default',
      bundle: inCheckout('dist', 'workflow-bundle.js'),
      ledger,
      directory: createPeopleFile(PEOPLE),
      target: createIdleTarget(effects),
      metrics: noMetrics,
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
      await Promise.all([ledger.close(), connection.close(), clientConnection.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server both contestants share, and the SDK's log; before any worker. */
export async function startServer(say: (line: string) => void) {
  installWorkerLog(pino({ name: 'bench', level: 'error' }));
  return startMemoryServer({ variables: process.env, say });
}
