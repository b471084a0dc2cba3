import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { bundleFloor } from './floor/bundle.js';
import { measureJourneys } from './measures/journeys.js';
import { measureAfterKill, measureReady } from './measures/processes.js';
import { createOverHttp } from './ours/over-http.js';
import { PROGRAMS, startProcess, withSettings } from './processes.js';
import { type Result, table } from './result.js';
import { startServer, startSystem } from './system.js';

const MEASURES = ['processes', 'journeys'] as const;
const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
if (values.only !== undefined && !MEASURES.some((name) => name === values.only)) {
  process.stderr.write(`--only takes one of ${MEASURES.join(', ')}\n`);
  process.exit(2);
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wanted = (name: (typeof MEASURES)[number]): boolean =>
  values.only === undefined || values.only === name;

/** Processes are measured alone and last: nothing else polls the same queues, and what they leave is not drained. */
async function processes(address: string): Promise<Result[]> {
  say('worker ready, first decision after a kill ...');
  const connection = await Connection.connect({ address });
  try {
    return await withSettings(address, async (variables) => [
      ...(await measureReady(variables)),
      ...(await measureAfterKill(new Client({ connection }), variables)),
    ]);
  } finally {
    await connection.close();
  }
}

async function journeys(address: string, floorBundle: string): Promise<Result[]> {
  return withSettings(address, async (variables) => {
    const api = await startProcess(PROGRAMS.api, variables);
    const system = await startSystem(address, floorBundle);
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

const server = await startServer(say);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The other processes end with their channel to this one; the server does not.
  process.once(signal, () => void server.stop().finally(() => process.exit(130)));
}
try {
  const floorBundle = await bundleFloor();
  const results = [
    ...(wanted('journeys') ? await journeys(server.address, floorBundle) : []),
    ...(wanted('processes') ? await processes(server.address) : []),
  ];
  process.stdout.write(`${table(results)}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await server.stop();
}
// The SDK's runtime would keep the process alive.
process.exit(0);
