import { inCheckout } from './checkout.js';
import type { DatabasePlace } from './database.js';
import type { Environment, Variables } from './environment.js';
import type { Addresses } from './supervisor/addresses.js';
import type { Program } from './supervisor/running-child.js';

/** Compiled modules that `up` runs as processes. Each sends `{ready: true}` and ends on SIGTERM or disconnect. */
export interface ChildModules {
  services: string;
  worker: string;
  api: string;
}

/** The modules that Airworthy ships. */
export const shippedModules: ChildModules = {
  services: inCheckout('dist', 'main', 'demo-services.js'),
  worker: inCheckout('dist', 'main', 'worker.js'),
  api: inCheckout('dist', 'main', 'api.js'),
};

/** A Node program of ours, with its source maps. */
export function nodeProgram(
  name: string,
  module: string,
  variables: NodeJS.ProcessEnv,
  stopWithinMs: number,
): Program {
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', module],
    variables,
    ready: 'message',
    readyWithinMs: 60_000,
    stopWithinMs,
  };
}

const WORKERS_OWN = [
  'AIRWORTHY_RECONCILE_EVERY',
  'AIRWORTHY_ANCHOR_EVERY',
  'AIRWORTHY_SIGNING_KEY',
  'AIRWORTHY_SIGNING_KEY_FILE',
  'AIRWORTHY_WITNESS_FILE',
  'AIRWORTHY_WITNESS_URL',
  'AIRWORTHY_WITNESS_SECRET',
  'AIRWORTHY_TARGETS',
  'AIRWORTHY_NOTIFY_FILE',
  'AIRWORTHY_NOTIFY_SMTP',
  'AIRWORTHY_NOTIFY_FROM',
  'AIRWORTHY_NOTIFY_WEBHOOK_SECRET',
  'AIRWORTHY_NOTIFY_UNREACHABLE_AFTER',
  'AIRWORTHY_NOTIFY_GIVE_UP_AFTER',
  'AIRWORTHY_EGRESS_ALLOW',
  'AIRWORTHY_EGRESS_PRIVATE',
];

/** What the worker alone is told besides: whoever has the signing keys can speak for the ledger. */
export function workerVariables(inherited: Variables): NodeJS.ProcessEnv {
  return only(WORKERS_OWN, inherited);
}

function only(names: readonly string[], inherited: Variables): NodeJS.ProcessEnv {
  return Object.fromEntries(names.flatMap((name) => (inherited[name] ? [[name, inherited[name]]] : [])));
}

const APIS_OWN = [
  'AIRWORTHY_COMMAND_KEY',
  'AIRWORTHY_COMMAND_KEY_FILE',
  'AIRWORTHY_COMMAND_CERTIFICATES',
  'AIRWORTHY_COMMAND_CERTIFICATES_FILE',
];

/** What the API alone is told besides: whoever has the keys that sign commands can speak for everybody. */
export function apiVariables(inherited: Variables): NodeJS.ProcessEnv {
  return only(APIS_OWN, inherited);
}

/** What the children are told: the settings of `up`, with every 0 and every default replaced by what was chosen. */
export function childVariables(
  inherited: Variables,
  environment: Environment,
  ports: { api: number; services: number },
  addresses: Addresses,
  database: DatabasePlace,
): NodeJS.ProcessEnv {
  const own = {
    AIRWORTHY_HOME: environment.home,
    AIRWORTHY_PEOPLE: environment.people,
    AIRWORTHY_OPERATING_MODELS: environment.operatingModels,
    AIRWORTHY_POLICY_TEAM: environment.policyTeam,
    AIRWORTHY_TRUST: environment.trust,
    AIRWORTHY_OIDC_ISSUER: environment.oidcIssuers.join(' ') || undefined,
    AIRWORTHY_OIDC_AUDIENCE: environment.oidcAudience,
    AIRWORTHY_OIDC_CLAIMS: environment.oidcClaims,
    AIRWORTHY_OIDC_CLIENT_ID: environment.oidcClientId,
    AIRWORTHY_API_HOST: environment.apiHost,
    AIRWORTHY_ROOT_KEYS: environment.signing.rootKeys,
    AIRWORTHY_ROOT_KEYS_FILE: environment.signing.rootKeysFile,
    AIRWORTHY_MASTER_KEY: environment.masterKey,
    AIRWORTHY_LOG_LEVEL: environment.logLevel,
    AIRWORTHY_API_PORT: String(ports.api),
    AIRWORTHY_SERVICES_PORT: String(ports.services),
    DATABASE_URL: database.databaseUrl,
    AIRWORTHY_DATABASE_APP_URL: database.databaseAppUrl,
    AIRWORTHY_PUBLIC_URL: environment.publicUrl ?? addresses.api,
    AIRWORTHY_TEMPORAL_UI_URL: addresses.temporalUi,
    AIRWORTHY_TARGET_URL: addresses.target,
    AIRWORTHY_METRIC_SOURCES: environment.metricSources,
    AIRWORTHY_METRICS_URL: addresses.metrics,
  };
  const rest = Object.entries(inherited).filter(([name]) => !name.startsWith('AIRWORTHY_'));
  return { ...Object.fromEntries(rest), ...own };
}
