import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { pino } from 'pino';
import { createModelFolder } from '../adapters/model-folder.js';
import { createPeopleFile } from '../adapters/people-file.js';
import { createApp } from '../api/create-app.js';
import { REDACTED } from '../api/request-log.js';
import { createTemporalGateway } from '../api/temporal-gateway.js';
import { API_IDENTITY } from '../contracts/identities.js';
import { createPostgresLedger } from '../ledger/postgres-ledger.js';
import { createPostgresReadModel } from '../ledger/projection/read-model.js';
import { openPool } from './database-pool.js';
import { openDocumentStore } from './document-store.js';
import { readEnvironment, readTemporalConnection } from './environment.js';
import { createAuditing, openAuditors } from './ledger-store.js';
import { OperatorError, reportFailure } from './operator-error.js';

/** Bridges a second without the server; after that a client is told, and knows best whether to repeat. */
const RETRIES = 5;
/** Requests under way get this long to end once the API is told to stop. */
const GRACE_MS = 1_500;

/** Serves the API until told to stop. */
async function run(): Promise<void> {
  const environment = readEnvironment();
  const { people, operatingModels, trust, publicUrl, apiPort, logLevel } = environment;
  const log = pino({ name: 'api', level: logLevel, redact: REDACTED });
  const { connectionOptions, namespace } = readTemporalConnection();
  // Lazy: the API answers, and says what is missing, before the engine can be reached.
  const connection = Connection.lazy({
    ...connectionOptions,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRIES }))],
  });
  const pool = openPool(environment, log);
  const auditors = openAuditors(environment, log);
  const { documents, keeping, openSpool } = await openDocumentStore(environment, pool, log);
  const directory = createPeopleFile(people);

  const server = createServer({ requestTimeout: 30_000 });
  const port = await listen(server, apiPort);
  const { app, endStreams, close } = createApp({
    gateway: createTemporalGateway(new Client({ connection, namespace, identity: API_IDENTITY })),
    directory,
    devTokens: directory,
    documents,
    keeping,
    openSpool,
    ledger: createPostgresLedger(pool),
    readModel: createPostgresReadModel(pool),
    auditing: createAuditing(auditors),
    models: createModelFolder(operatingModels),
    trust,
    publicUrl: publicUrl ?? `http://127.0.0.1:${port}`,
    logger: log,
  });
  server.on('request', app);

  const stop = async (): Promise<void> => {
    endStreams();
    await closeServer(server);
    await Promise.all([close(), documents.close()]);
    await Promise.all([pool.end(), auditors.end(), connection.close()]);
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
