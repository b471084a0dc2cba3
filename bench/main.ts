import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { API_IDENTITY } from '../src/contracts/identities.js';
import { startMemoryServer } from '../src/main/servers/memory-server.js';
import { type DatabaseUrls, startPostgres } from '../test/support/postgres.js';
import { bundleFloor } from './floor/bundle.js';
import { measureDatabase } from './measures/database.js';
import { measureGuard } from './measures/guard.js';
import { measureJourneys } from './measures/journeys.js';
import { measureAfterKill, measureReady } from './measures/processes.js';
import { measureStopShip } from './measures/stop-ship.js';
import { measureVerify } from './measures/verify.js';
import { countCalls, measureWatch } from './measures/watch.js';
import { createOverHttp } from './ours/over-http.js';
import { PROGRAMS, startProcess, withSettings } from './processes.js';
import { type Result, table } from './result.js';
import { startServer, startSystem } from './system.js';

const MEASURES = ['processes', 'journeys', 'database', 'verify', 'stop-ship', 'guard', 'watch'] as const;
const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
if (values.only !== undefined && !MEASURES.some((name) => name === values.only)) {
  process.stderr.write(`--only takes one of ${MEASURES.join(', ')}\n`);
  process.exit(2);
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wanted = (name: (typeof MEASURES)[number]): boolean =>
  values.only === undefined || values.only === name;

/** Processes are measured alone and last: nothing else polls the same queues, and what they leave is not drained. */
async function processes(address: string, database: DatabaseUrls): Promise<Result[]> {
  say('worker ready, first decision after a kill ...');
  const connection = await Connection.connect({ address });
  try {
    return await withSettings(address, database, async (variables) => [
      ...(await measureReady(variables)),
      ...(await measureAfterKill(new Client({ connection, identity: API_IDENTITY }), variables)),
    ]);
  } finally {
    await connection.close();
  }
}

async function journeys(address: string, database: DatabaseUrls, floorBundle: string): Promise<Result[]> {
  return withSettings(address, database, async (variables) => {
    const api = await startProcess(PROGRAMS.api, variables);
    const system = await startSystem(address, database.appUrl, floorBundle);
    try {
      const { client, effects, ours, floor } = system;
      const overHttp = await createOverHttp(`http://127.0.0.1:${api.message.port}`, client, effects);
      return await measureJourneys({ floor, ours, overHttp }, client, say);
    } finally {
      await api.stop();
      await system.stop();
    }
  });
}

// What the workers ask of the server is counted by their runtime, which is made once and before everything.
const counting = values.only === 'watch' ? await countCalls() : undefined;
const server = await (counting ? startMemoryServer({ variables: process.env, say }) : startServer(say));
const postgres = await startPostgres({ from: 'embedded', fsync: true });
const stop = () => Promise.all([server.stop(), postgres.stop()]);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The other processes end with their channel to this one; the servers do not.
  process.once(signal, () => void stop().finally(() => process.exit(130)));
}
try {
  const floorBundle = await bundleFloor();
  const database = await postgres.freshDatabase();
  const results = [
    ...(wanted('journeys') ? await journeys(server.address, database, floorBundle) : []),
    ...(wanted('processes') ? await processes(server.address, database) : []),
    ...(wanted('stop-ship')
      ? await measureStopShip(server.address, (await postgres.freshDatabase()).appUrl, say)
      : []),
    ...(wanted('guard') ? await measureGuard(server.address, await postgres.freshDatabase(), say) : []),
    // Alone, since it takes minutes.
    ...(counting
      ? await measureWatch(server.address, (await postgres.freshDatabase()).appUrl, counting, say)
      : []),
    ...(wanted('verify') ? await measureVerify(say) : []),
    ...(wanted('database') ? await measureDatabase(await postgres.freshDatabase(), say) : []),
  ];
  process.stdout.write(`${table(results)}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await stop();
}
// The SDK's runtime would keep the process alive.
process.exit(0);
