import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { pino } from 'pino';
import { createFileDocuments } from '../adapters/file-documents.js';
import { createModelFolder } from '../adapters/model-folder.js';
import { createPeopleFile } from '../adapters/people-file.js';
import { createApp } from '../api/create-app.js';
import { REDACTED } from '../api/request-log.js';
import { createTemporalGateway } from '../api/temporal-gateway.js';
import { openJournalLedger } from '../ledger/journal-ledger.js';
import { readEnvironment, readTemporalConnection } from './environment.js';
import { OperatorError, reportFailure } from './operator-error.js';

/** Bridges a second without the server; after that a client is told, and knows best whether to repeat. */
const RETRIES = 5;
/** Requests under way get this long to end once the API is told to stop. */
const GRACE_MS = 1_500;

/** Serves the API until told to stop. */
async function run(): Promise<void> {
  const { home, people, operatingModels, trust, publicUrl, apiPort, logLevel } = readEnvironment();
  const log = pino({ name: 'api', level: logLevel, redact: REDACTED });
  const { connectionOptions, namespace } = readTemporalConnection();
  // Lazy: the API answers, and says what is missing, before the engine can be reached.
  const connection = Connection.lazy({
    ...connectionOptions,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRIES }))],
  });
  const ledger = await openJournalLedger(join(home, 'journal'), 'refusals', log);
  const directory = createPeopleFile(people);

  const server = createServer({ requestTimeout: 30_000 });
  const port = await listen(server, apiPort);
  const { app, close } = createApp({
    gateway: createTemporalGateway(new Client({ connection, namespace })),
    directory,
    devTokens: directory,
    documents: createFileDocuments(join(home, 'documents')),
    ledger,
    models: createModelFolder(operatingModels),
    trust,
    publicUrl: publicUrl ?? `http://127.0.0.1:${port}`,
    logger: log,
  });
  server.on('request', app);

  const stop = async (): Promise<void> => {
    await closeServer(server);
    await close();
    await Promise.all([ledger.close(), connection.close()]);
    // A call that the client still repeats to a server that is gone would fail on the closed connection.
    process.exit();
  };
  let _stopping: Promise<void> | undefined;
  const onStop = (): void => {
    _stopping ??= stop().catch(reportFailure);
  };
  process.once('SIGTERM', onStop);
  process.once('SIGINT', onStop);
  // Without the parent that started it nobody would ever stop this process.
  process.once('disconnect', onStop);
  process.send?.({ ready: true, port });
  log.info({ port }, 'serving the API');
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new OperatorError(
      `Port ${port} is in use: stop what uses it, or set AIRWORTHY_API_PORT to another.`,
    );
  }
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(late);
}

run().catch(reportFailure);
