import { join } from 'node:path';
import { schemaDrift } from '../ledger/schema-drift.js';
import {
  apiVariables,
  type ChildModules,
  childVariables,
  nodeProgram,
  shippedModules,
  workerVariables,
} from './children.js';
import { type DatabasePlace, databaseProgram, joinDatabase } from './database.js';
import { type Environment, namesTemporalServer, type Variables } from './environment.js';
import { requireSafe } from './safe-start.js';
import type { Say } from './servers/command.js';
import { type Addresses, runFolderOf } from './supervisor/addresses.js';
import { choosePorts } from './supervisor/ports.js';
import type { Program } from './supervisor/running-child.js';
import { devServerProgram, joinServer, variablesForStartedServer } from './temporal-server.js';

/** Starts a program under supervision; resolves with its ready message. */
export type Run = (program: Program) => Promise<unknown>;

/** What to start, with which settings, whom to tell, and how. */
export interface StartOptions {
  environment: Environment;
  variables: Variables;
  say: Say;
  modules?: ChildModules;
  run: Run;
  signal: AbortSignal;
}

interface Ports {
  api: number;
  database: number;
  services: number;
  temporal: number;
  temporalUi: number;
}

type ServerPlace = Pick<Addresses, 'temporal' | 'namespace' | 'temporalUi'>;

type DatabaseAddresses = Pick<Addresses, 'database' | 'databaseShell'>;

/**
 * Starts the database (unless DATABASE_URL names one) and Temporal (unless TEMPORAL_* do), then the demo services
 * (unless others are named), worker and API.
 */
export async function startChildren(options: StartOptions): Promise<Addresses> {
  const { environment, run, modules = shippedModules } = options;
  requireSafe(environment);
  const ports = await portsFor(options);
  const [database, { variables, ...server }] = await Promise.all([
    startDatabase(options, ports.database).then((started) => warnOfDrift(started, options.say)),
    startTemporal(options, ports),
  ]);
  const services = `http://127.0.0.1:${ports.services}`;
  const addresses = {
    api: `http://127.0.0.1:${ports.api}`,
    ...server,
    ...database.addresses,
    target: environment.targetUrl ?? `${services}/target`,
    metrics: environment.metricsUrl ?? `${services}/metrics`,
    targetsFile: environment.targets,
    metricSourcesFile: environment.metricSources,
  };
  if (environment.trust === 'signed') {
    const { makeDevelopmentKeys } = await import('./development-keys.js');
    await makeDevelopmentKeys(environment);
  }
  const own = childVariables(variables, environment, ports, addresses, database.place);
  await Promise.all([
    namesServices(environment) || run(nodeProgram('demo-services', modules.services, own, 1_500)),
    run(nodeProgram('worker', modules.worker, { ...own, ...workerVariables(variables) }, 4_000)),
    run(nodeProgram('api', modules.api, { ...own, ...apiVariables(variables) }, 2_500)),
  ]);
  return addresses;
}

async function portsFor({ environment, variables }: StartOptions): Promise<Ports> {
  // What is not started here needs no port: 0 is always free.
  const temporal = namesTemporalServer(variables) ? 0 : environment.temporalPort;
  const temporalUi = namesTemporalServer(variables) ? 0 : environment.temporalUiPort;
  const database = environment.databaseUrl === undefined ? environment.databasePort : 0;
  const services = namesServices(environment) ? 0 : environment.servicesPort;
  return choosePorts({
    api: { port: environment.apiPort, purpose: 'the API', variable: 'AIRWORTHY_API_PORT' },
    database: { port: database, purpose: 'the database', variable: 'AIRWORTHY_DATABASE_PORT' },
    services: { port: services, purpose: 'the demo services', variable: 'AIRWORTHY_SERVICES_PORT' },
    temporal: { port: temporal, purpose: 'Temporal', variable: 'AIRWORTHY_TEMPORAL_PORT' },
    temporalUi: { port: temporalUi, purpose: 'the Temporal UI', variable: 'AIRWORTHY_TEMPORAL_UI_PORT' },
  });
}

async function startDatabase(
  { environment, variables, say, run }: StartOptions,
  port: number,
): Promise<{ place: DatabasePlace; addresses: DatabaseAddresses }> {
  const { databaseUrl } = environment;
  if (databaseUrl !== undefined) {
    const { version, applied, ...place } = await joinDatabase(databaseUrl, environment.databaseAppUrl);
    say(`Database: PostgreSQL ${version} at ${place.address}, as DATABASE_URL says${migrated(applied)}.`);
    return { place, addresses: { database: place.address } };
  }
  const { program, place, origin, look } = await databaseProgram(environment.home, port, variables);
  say(`Database: PostgreSQL ${origin}.`);
  await run(program);
  return { place, addresses: { database: place.address, databaseShell: look } };
}

/** Somebody may have had a reason to change the schema by hand; whoever starts it should know. */
async function warnOfDrift<D extends { place: DatabasePlace }>(database: D, say: Say): Promise<D> {
  const { missing, unknown } = await schemaDrift(database.place.databaseUrl);
  const [line] = [...missing, ...unknown];
  if (line !== undefined) {
    const lines = missing.length + unknown.length;
    say(
      `The schema of the database was changed by hand, in ${lines} lines of src/ledger/schema.txt; first: ${line}`,
    );
  }
  return database;
}

function migrated(applied: readonly number[]): string {
  return applied.length === 0 ? '' : `; migrations applied: ${applied.join(', ')}`;
}

async function startTemporal(
  options: StartOptions,
  ports: Ports,
): Promise<ServerPlace & { variables: Variables }> {
  const { environment, variables, say, run, signal } = options;
  const named = environment.temporalUiUrl;
  if (namesTemporalServer(variables)) {
    const { address, namespace } = await joinServer(variables);
    say(`Temporal server: ${address}, as TEMPORAL_* say.`);
    return { variables, temporal: address, namespace, ...(named !== undefined && { temporalUi: named }) };
  }
  const place = {
    port: ports.temporal,
    uiPort: ports.temporalUi,
    databaseFile: join(environment.home, 'temporal.db'),
  };
  const program = await devServerProgram({ variables, say, signal }, place);
  say(`Temporal server: ${program.origin} (${program.command}).`);
  await run(program);
  const temporal = `127.0.0.1:${ports.temporal}`;
  return {
    variables: await variablesForStartedServer(variables, runFolderOf(environment.home), temporal),
    temporal,
    namespace: 'default',
    temporalUi: named ?? `http://127.0.0.1:${ports.temporalUi}`,
  };
}

function namesServices(environment: Environment): boolean {
  const { targetUrl, targets, metricsUrl, metricSources } = environment;
  return (targetUrl ?? targets) !== undefined && (metricsUrl ?? metricSources) !== undefined;
}
