import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { pino } from 'pino';
import { createModelFolder } from '../adapters/model-folder.js';
import { createPublishedModels } from '../adapters/published-models.js';
import { createApp } from '../api/create-app.js';
import { createHttpServer } from '../api/http-server.js';
import { createTemporalItems } from '../api/items/temporal-items.js';
import { createTemporalPolicy } from '../api/policy/temporal-policy.js';
import { REDACTED } from '../api/request-log.js';
import { createTemporalGateway } from '../api/temporal-gateway.js';
import { API_IDENTITY } from '../contracts/identities.js';
import { createPostgresGuardLeases } from '../ledger/guard/guard-leases.js';
import { createPostgresGuardSource } from '../ledger/guard/guard-source.js';
import { createOpenStates } from '../ledger/policy/open-states.js';
import { createPublications } from '../ledger/policy/publications.js';
import { createPostgresLedger } from '../ledger/postgres-ledger.js';
import { createPostgresItems } from '../ledger/projection/items.js';
import { createPostgresReadModel } from '../ledger/projection/read-model.js';
import { openPool } from './database-pool.js';
import { openDocumentStore } from './document-store.js';
import { readEnvironment, readTemporalConnection } from './environment.js';
import { openIdentity } from './identity.js';
import { createAuditing, openAuditors } from './ledger-store.js';
import { openMetricDefinitions } from './open-metric-source.js';
import { openSigner } from './open-signer.js';
import { OperatorError, reportFailure } from './operator-error.js';
import { requireSafe } from './safe-start.js';

/** Bridges a second without the server; after that a client is told, and knows best whether to repeat. */
const RETRIES = 5;
/** Requests under way get this long to end once the API is told to stop. */
const GRACE_MS = 1_500;

/** Serves the API until told to stop. */
async function run(): Promise<void> {
  const environment = readEnvironment();
  requireSafe(environment);
  const { operatingModels, policyTeam, trust, publicUrl, apiHost, apiPort, logLevel } = environment;
  const log = pino({ name: 'api', level: logLevel, redact: REDACTED });
  const { connectionOptions, namespace } = readTemporalConnection();
  // Lazy: the API answers, and says what is missing, before the engine can be reached.
  const connection = Connection.lazy({
    ...connectionOptions,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRIES }))],
  });
  const metricDefinitions = await openMetricDefinitions(environment);
  const pool = openPool(environment, log);
  const auditors = openAuditors(environment, log);
  const { documents, keeping, openSpool } = await openDocumentStore(environment, pool, log);
  const { close: closeIdentity, ...identity } = await openIdentity(environment, pool, log);

  const { server, serve } = createHttpServer({ requestTimeout: 30_000 });
  const port = await listen(server, apiHost, apiPort);
  const signer = trust === 'signed' ? await openSigner(environment) : undefined;
  const publications = createPublications(pool, signer && (() => signer.knownRoots()));
  const models = createPublishedModels(createModelFolder(operatingModels), publications, documents);
  // Known before the ledger can be away: then the last publications hold.
  models.all().catch((error: unknown) => log.warn({ err: error }, 'the operating models cannot be read yet'));
  const client = new Client({ connection, namespace, identity: API_IDENTITY });
  const { app, endStreams, close } = createApp({
    gateway: createTemporalGateway(client),
    itemGateway: createTemporalItems(client),
    ...identity,
    documents,
    keeping,
    openSpool,
    ledger: createPostgresLedger(pool),
    readModel: createPostgresReadModel(pool),
    items: createPostgresItems(pool),
    guardSource: createPostgresGuardSource(pool),
    guardLeases: createPostgresGuardLeases(pool),
    metricDefinitions,
    auditing: createAuditing(auditors),
    models,
    policyGateway: createTemporalPolicy(client),
    publications,
    openStates: createOpenStates(pool, documents),
    policyTeam,
    trust,
    ...(signer && { signer }),
    publicUrl: publicUrl ?? `http://127.0.0.1:${port}`,
    logger: log,
  });
  serve(app);

  const stop = async (): Promise<void> => {
    endStreams();
    closeIdentity();
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

async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen(port, host);
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
