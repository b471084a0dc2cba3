import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { API_IDENTITY } from '../../src/contracts/identities.js';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createProjector } from '../../src/ledger/projection/projector.js';
import { inCheckout } from '../../src/main/checkout.js';
import { createWorkers } from '../../src/main/workers.js';
import type { MetricSource } from '../../src/ports/metric-source.js';
import { LIFECYCLE_WORKFLOW, lifecycleId, TASK_QUEUES } from '../../src/workflows/messages.js';
import { liveCarry } from '../../test/support/live-carry.js';
import { EffectsSeen } from '../contestant.js';
import { createIdleTarget, createSilentNotifier } from '../ours/ports.js';
import { documents, PEOPLE } from '../ours/start.js';
import { type Result, result } from '../result.js';

const GUARDS = 1_000;
const AT_ONCE = 20;
const MONTH_MS = 30 * 86_400_000;
/** In which the month passes: every elapsed time of the model is shortened alike. */
const PASSES_IN_MS = 360_000;
const EVERY_HOURS = 12;
const WANTED_EVENTS = 50;
/** The floor: a run that has begun and scheduled its activity, the looks that are due, and a task that is fetched and answered. */
const LEAST_EVENTS = 5;
const LOOKS = MONTH_MS / (EVERY_HOURS * 3_600_000);
const LEAST_CALLS = 2;

/** Healthy, whatever is asked; counts how often. */
function healthy(): { readonly source: MetricSource; readonly asked: () => number } {
  let asked = 0;
  const query: MetricSource['query'] = async ({ metrics }) => {
    asked++;
    return metrics.map(({ metric, by }) => ({ metric, group: by, count: 0, value: null, n: 1_000 }));
  };
  return { source: { query }, asked: () => asked };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Calls of the workers of this process to the server, since it began. */
export type CallsSoFar = () => Promise<number>;

/** Has the SDK's runtime count them; before anything else of the SDK. */
export async function countCalls(): Promise<CallsSoFar> {
  const bindAddress = `127.0.0.1:${await freePort()}`;
  const logger = new DefaultLogger('ERROR');
  Runtime.install({
    logger,
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} }, metrics: { prometheus: { bindAddress } } },
  });
  return async () => {
    const text = await (await fetch(`http://${bindAddress}/metrics`)).text();
    const lines = text.match(/^temporal_(long_)?request(_total)?\{.*$/gm) ?? [];
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
}

/** What it costs to watch a thousand healthy systems for a month. */
export async function measureWatch(
  address: string,
  database: string,
  calls: CallsSoFar,
  say: (line: string) => void,
): Promise<Result[]> {
  const log = pino({ name: 'bench', level: 'warn' });
  const pool = createPool(database);
  const projector = createProjector(pool, documents, log);
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, identity: API_IDENTITY });
  const effects = new EffectsSeen();
  const { source, asked } = healthy();
  const workers = await createWorkers({
    connection,
    namespace: 'default',
    bundle: inCheckout('dist', 'workflow-bundle.js'),
    ledger: createPostgresLedger(pool, projector.project),
    directory: createPeopleFile(PEOPLE),
    target: createIdleTarget(effects),
    metrics: source,
    documents,
    notifier: createSilentNotifier(effects),
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const handle = (n: number) => client.workflow.getHandle(lifecycleId(`guard-${n}`));
  const ofAll = async <R>(one: (n: number) => Promise<R>): Promise<R[]> => {
    const all: R[] = [];
    for (let n = 0; n < GUARDS; n += AT_ONCE)
      all.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(n + i)))));
    return all;
  };
  const { models } = await createModelFolder(inCheckout('operating-models')).all();
  const model = models.find((one) => one.model.demo)?.model;
  if (model === undefined) throw new Error('the checkout has no operating model for demonstrations');
  try {
    await ofAll(async (n) => {
      const carry = await liveCarry(`guard-${n}`, model, PASSES_IN_MS / MONTH_MS, `${EVERY_HOURS}h`);
      await client.workflow.start(LIFECYCLE_WORKFLOW, {
        workflowId: lifecycleId(`guard-${n}`),
        taskQueue: TASK_QUEUES.workflows,
        args: [carry],
      });
    });
    say(`${GUARDS} guards watch for ${PASSES_IN_MS / 1_000} s, which is a month to them ...`);
    const [before, looksBefore] = [await calls(), asked()];
    await sleep(PASSES_IN_MS);
    const [made, looks] = [(await calls()) - before, asked() - looksBefore];
    const events = await ofAll(async (n) => (await handle(n).describe()).historyLength);
    const hours = MONTH_MS / 3_600_000;
    const wanted = { of: 'ours', bound: 'at most', limit: WANTED_EVENTS } as const;
    return [
      result(
        'events of a healthy guard in a month, most',
        'events',
        { ours: Math.max(...events), floor: LEAST_EVENTS },
        wanted,
      ),
      result('looks of a guard in a month', 'looks', { ours: looks / GUARDS, floor: LOOKS }),
      result('server calls of a guard in an hour', 'calls', {
        ours: made / GUARDS / hours,
        floor: (LEAST_CALLS * LOOKS) / hours,
      }),
      result('server calls of a look', 'calls', { ours: made / looks, floor: LEAST_CALLS }),
    ];
  } finally {
    await ofAll((n) =>
      handle(n)
        .terminate('measured')
        .catch(() => undefined),
    );
    for (const worker of workers) worker.shutdown();
    await running;
    await projector.close();
    await Promise.all([pool.end(), connection.close(), clientConnection.close()]);
  }
}
