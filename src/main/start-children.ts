import { join } from 'node:path';
import { type ChildModules, childVariables, nodeProgram, shippedModules } from './children.js';
import { type Environment, namesTemporalServer, type Variables } from './environment.js';
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
  services: number;
  temporal: number;
  temporalUi: number;
}

type ServerPlace = Pick<Addresses, 'temporal' | 'namespace' | 'temporalUi'>;

/** Starts Temporal (unless TEMPORAL_* name one), the demo services (unless others are named), worker and API. */
export async function startChildren(options: StartOptions): Promise<Addresses> {
  const { environment, run, modules = shippedModules } = options;
  const ports = await portsFor(options);
  const { variables, ...server } = await startTemporal(options, ports);
  const services = `http://127.0.0.1:${ports.services}`;
  const addresses = {
    api: `http://127.0.0.1:${ports.api}`,
    ...server,
    target: environment.targetUrl ?? `${services}/target`,
    metrics: environment.metricsUrl ?? `${services}/metrics`,
  };
  const own = childVariables(variables, environment, ports, addresses);
  await Promise.all([
    namesServices(environment) || run(nodeProgram('demo-services', modules.services, own, 1_500)),
    run(nodeProgram('worker', modules.worker, own, 4_000)),
    run(nodeProgram('api', modules.api, own, 2_500)),
  ]);
  return addresses;
}

async function portsFor({ environment, variables }: StartOptions): Promise<Ports> {
  // What is not started here needs no port: 0 is always free.
  const temporal = namesTemporalServer(variables) ? 0 : environment.temporalPort;
  const temporalUi = namesTemporalServer(variables) ? 0 : environment.temporalUiPort;
  const services = namesServices(environment) ? 0 : environment.servicesPort;
  return choosePorts({
    api: { port: environment.apiPort, purpose: 'the API', variable: 'AIRWORTHY_API_PORT' },
    services: { port: services, purpose: 'the demo services', variable: 'AIRWORTHY_SERVICES_PORT' },
    temporal: { port: temporal, purpose: 'Temporal', variable: 'AIRWORTHY_TEMPORAL_PORT' },
    temporalUi: { port: temporalUi, purpose: 'the Temporal UI', variable: 'AIRWORTHY_TEMPORAL_UI_PORT' },
  });
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
  return environment.targetUrl !== undefined && environment.metricsUrl !== undefined;
}
