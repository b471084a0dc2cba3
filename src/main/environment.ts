import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { z } from 'zod';
import { elapsedOf, elapsedTime } from '../contracts/duration-text.js';
import { isSecure } from '../contracts/secure-address.js';
import { inCheckout } from './checkout.js';
import { notifyComplaints, notifySettingsOf, notifyShape } from './notify-settings.js';
import { OperatorError } from './operator-error.js';
import { signingSettingsOf, signingShape } from './signing-settings.js';
import { nearest } from './spelling.js';

const PREFIX = 'AIRWORTHY_';

const port = (byDefault: number) => z.coerce.number().int().min(0).max(65535).default(byDefault);
const path = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((value) => resolve(value));
const optionalPath = () =>
  z
    .string()
    .transform((value) => resolve(value))
    .optional();
const url = () => z.url({ protocol: /^https?$/, error: 'is not an http(s) address' }).optional();
const databaseUrl = () =>
  z
    .url({ protocol: /^postgres(ql)?$/, error: 'is not a postgresql:// address' })
    .optional()
    .meta({ secret: true });

/** Every variable of Airworthy's own, with what it is for. What is not here is refused. */
const environmentSchema = z.object({
  AIRWORTHY_HOME: path(inCheckout('.airworthy')).describe(
    'folder of everything a running system keeps: database, documents, journal, logs, process files',
  ),
  AIRWORTHY_API_PORT: port(8080).describe('port of the API on 127.0.0.1; 0 takes a free one'),
  AIRWORTHY_API_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address that the API listens on; another than this machine only with AIRWORTHY_TRUST=signed'),
  AIRWORTHY_TEMPORAL_PORT: port(7233).describe(
    'port of the Temporal server that `up` starts; 0 takes a free one',
  ),
  AIRWORTHY_TEMPORAL_UI_PORT: port(8233).describe('port of its web UI; 0 takes a free one'),
  DATABASE_URL: databaseUrl().describe(
    'PostgreSQL 15 or newer, as a login that may make schemas and roles; absent: the one that `up` starts',
  ),
  AIRWORTHY_DATABASE_APP_URL: databaseUrl().describe(
    'that database as the login of API and worker; absent: DATABASE_URL, in the role airworthy_app',
  ),
  AIRWORTHY_DATABASE_PORT: port(5439).describe('port of the PostgreSQL that `up` starts; 0 takes a free one'),
  AIRWORTHY_SERVICES_PORT: port(8090).describe(
    'port of the demo release target and metric source; 0 takes a free one',
  ),
  AIRWORTHY_PEOPLE: path(inCheckout('examples', 'people.yaml')).describe(
    'people file: people, teams, credentials; tokens only in development',
  ),
  AIRWORTHY_OPERATING_MODELS: path(inCheckout('operating-models')).describe('folder of operating models'),
  AIRWORTHY_POLICY_TEAM: z
    .string()
    .min(1)
    .max(64)
    .default('policy-office')
    .describe('team of the directory whose people decide on operating models'),
  AIRWORTHY_TRUST: z
    .enum(['dev', 'signed'])
    .default('dev')
    .describe('dev: tokens without proof, loopback only; signed: AIRWORTHY_OIDC_* prove who it is'),
  AIRWORTHY_OIDC_ISSUER: z
    .string()
    .optional()
    .describe('OpenID provider whose access tokens count, as it names itself; more by a space'),
  AIRWORTHY_OIDC_AUDIENCE: z.string().optional().describe('audience that those tokens have to be for'),
  AIRWORTHY_OIDC_CLAIMS: optionalPath().describe(
    'file that says how claims become people; absent: the people file knows everybody',
  ),
  AIRWORTHY_OIDC_CLIENT_ID: z
    .string()
    .optional()
    .describe('client of the command line at the first of them; absent: nobody signs in by it'),
  AIRWORTHY_TOKEN: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('token or API key that the command line uses; absent: the one of airworthy login'),
  AIRWORTHY_TARGETS: optionalPath().describe(
    'file of release targets and routes; absent: the one target of AIRWORTHY_TARGET_URL',
  ),
  AIRWORTHY_TARGET_URL: url().describe('release target; absent: the demo target that `up` starts'),
  AIRWORTHY_METRIC_SOURCES: optionalPath().describe(
    'file of metric sources and of how their metrics are asked for; absent: the one source of AIRWORTHY_METRICS_URL',
  ),
  AIRWORTHY_METRICS_URL: url().describe('metric source; absent: the demo source that `up` starts'),
  AIRWORTHY_PUBLIC_URL: url().describe('address of the API in links; absent: its own on 127.0.0.1'),
  AIRWORTHY_TEMPORAL_UI_URL: url().describe(
    'address of the Temporal UI in links, for a server that `up` joins',
  ),
  AIRWORTHY_ANCHOR_EVERY: elapsedTime
    .refine((text) => elapsedOf(text) >= 1_000, 'is less than 1s')
    .default('10min')
    .describe('how often the ledger is sealed, such as 10min'),
  AIRWORTHY_RECONCILE_EVERY: elapsedTime
    .refine((text) => elapsedOf(text) >= 10_000, 'is less than 10s')
    .default('2min')
    .describe('how often Temporal and the ledger are compared, such as 2min'),
  AIRWORTHY_SIGNING_KEY: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('private Ed25519 keys that sign checkpoints, PEM; absent: those of a file'),
  AIRWORTHY_SIGNING_KEY_FILE: optionalPath().describe(
    'a file of such keys; absent: the folder keys in AIRWORTHY_HOME, where development makes one',
  ),
  AIRWORTHY_WITNESS_FILE: optionalPath().describe(
    'file that checkpoints are witnessed in; absent: witness/checkpoints.jsonl in AIRWORTHY_HOME',
  ),
  AIRWORTHY_WITNESS_URL: url().describe('service that checkpoints are posted to; absent: none'),
  AIRWORTHY_WITNESS_SECRET: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('what those posts are signed with, whsec_ and base64; two by a space while it is changed'),
  AIRWORTHY_MASTER_KEY: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe(
      'what keys of personal documents are encrypted under, 32 bytes in base64; absent: keys/master.key in AIRWORTHY_HOME, made at first start',
    ),
  ...notifyShape,
  ...signingShape,
  AIRWORTHY_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('how much worker and API log'),
});

/** Airworthy's settings, read once at start: absolute paths, ports (0: any free one), addresses. */
export type Environment = ReturnType<typeof readEnvironment>;

/** A process's variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

const ownVariables = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).filter(
      ([name, value]) => (name.startsWith(PREFIX) || name === 'DATABASE_URL') && value !== '',
    ),
  );

/** Reads and checks all AIRWORTHY_* variables and DATABASE_URL; throws OperatorError naming each wrong or unknown one. */
export function readEnvironment(variables: Variables = process.env) {
  const own = ownVariables(variables);
  const known = Object.keys(environmentSchema.shape);
  const complaints = Object.keys(own)
    .filter((name) => !known.includes(name))
    .map((name) => unknownVariable(name, known));
  const parsed = environmentSchema.safeParse(own);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    complaints.push(
      isSecret(name) ? `${name}: ${issue.message}.` : `${name}=${own[name]}: ${issue.message}.`,
    );
  }
  if (parsed.data && !parsed.data.AIRWORTHY_WITNESS_URL !== !parsed.data.AIRWORTHY_WITNESS_SECRET) {
    complaints.push('AIRWORTHY_WITNESS_URL and AIRWORTHY_WITNESS_SECRET go together: set both, or none.');
  }
  if (own['AIRWORTHY_DATABASE_APP_URL'] !== undefined && own['DATABASE_URL'] === undefined) {
    complaints.push('AIRWORTHY_DATABASE_APP_URL is another login of DATABASE_URL: set that too, or neither.');
  }
  if (parsed.data !== undefined) complaints.push(...identityComplaints(parsed.data));
  if (parsed.data !== undefined) complaints.push(...notifyComplaints(parsed.data));
  if (parsed.data === undefined || complaints.length > 0) throw new OperatorError(complaints.join('\n'));
  const read = parsed.data;
  return {
    home: read.AIRWORTHY_HOME,
    apiHost: read.AIRWORTHY_API_HOST,
    apiPort: read.AIRWORTHY_API_PORT,
    temporalPort: read.AIRWORTHY_TEMPORAL_PORT,
    temporalUiPort: read.AIRWORTHY_TEMPORAL_UI_PORT,
    databaseUrl: read.DATABASE_URL,
    databaseAppUrl: read.AIRWORTHY_DATABASE_APP_URL,
    databasePort: read.AIRWORTHY_DATABASE_PORT,
    servicesPort: read.AIRWORTHY_SERVICES_PORT,
    people: read.AIRWORTHY_PEOPLE,
    operatingModels: read.AIRWORTHY_OPERATING_MODELS,
    policyTeam: read.AIRWORTHY_POLICY_TEAM,
    trust: read.AIRWORTHY_TRUST,
    oidcIssuers: issuersOf(read.AIRWORTHY_OIDC_ISSUER),
    oidcAudience: read.AIRWORTHY_OIDC_AUDIENCE,
    oidcClaims: read.AIRWORTHY_OIDC_CLAIMS,
    oidcClientId: read.AIRWORTHY_OIDC_CLIENT_ID,
    token: read.AIRWORTHY_TOKEN,
    targets: read.AIRWORTHY_TARGETS,
    targetUrl: read.AIRWORTHY_TARGET_URL,
    metricSources: read.AIRWORTHY_METRIC_SOURCES,
    metricsUrl: read.AIRWORTHY_METRICS_URL,
    publicUrl: read.AIRWORTHY_PUBLIC_URL,
    temporalUiUrl: read.AIRWORTHY_TEMPORAL_UI_URL,
    anchorEveryMs: elapsedOf(read.AIRWORTHY_ANCHOR_EVERY),
    reconcileEveryMs: elapsedOf(read.AIRWORTHY_RECONCILE_EVERY),
    signingKey: read.AIRWORTHY_SIGNING_KEY,
    signingKeyFile: read.AIRWORTHY_SIGNING_KEY_FILE,
    witnessFile: read.AIRWORTHY_WITNESS_FILE ?? join(read.AIRWORTHY_HOME, 'witness', 'checkpoints.jsonl'),
    witnessUrl: read.AIRWORTHY_WITNESS_URL,
    witnessSecrets: read.AIRWORTHY_WITNESS_SECRET?.split(/\s+/).filter((secret) => secret !== '') ?? [],
    masterKey: read.AIRWORTHY_MASTER_KEY,
    notify: notifySettingsOf(read),
    signing: signingSettingsOf(read),
    logLevel: read.AIRWORTHY_LOG_LEVEL,
  };
}

function issuersOf(written: string | undefined): readonly string[] {
  return written?.split(/\s+/).filter((issuer) => issuer !== '') ?? [];
}

function identityComplaints(read: z.output<typeof environmentSchema>): string[] {
  const { AIRWORTHY_TRUST, AIRWORTHY_OIDC_ISSUER, AIRWORTHY_OIDC_AUDIENCE } = read;
  if (AIRWORTHY_TRUST === 'dev') {
    const unused = Object.entries(read).filter(([name]) => name.startsWith('AIRWORTHY_OIDC_'));
    return unused.map(([name]) => `${name} is for AIRWORTHY_TRUST=signed: set that too, or leave it out.`);
  }
  if (AIRWORTHY_OIDC_ISSUER === undefined || AIRWORTHY_OIDC_AUDIENCE === undefined) {
    return ['AIRWORTHY_TRUST=signed needs AIRWORTHY_OIDC_ISSUER and AIRWORTHY_OIDC_AUDIENCE: set both.'];
  }
  return issuersOf(AIRWORTHY_OIDC_ISSUER)
    .filter((issuer) => !URL.canParse(issuer) || !isSecure(new URL(issuer)))
    .map((issuer) => `AIRWORTHY_OIDC_ISSUER: ${issuer} is no https address, nor http on this machine.`);
}

function unknownVariable(name: string, known: readonly string[]): string {
  // Without what all of them share, which would make every name look near.
  const meant = nearest(
    name.slice(PREFIX.length),
    known.map((one) => one.slice(PREFIX.length)),
  );
  const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${PREFIX}${meant}?`;
  return `${name} is not a setting of Airworthy; ${hint}`;
}

/** Whether the value of a setting is never shown. */
function isSecret(name: string): boolean {
  const schemas: Readonly<Record<string, z.ZodType>> = environmentSchema.shape;
  return schemas[name]?.meta()?.['secret'] === true;
}

/** Every setting as it is now, except what is secret; the value is undefined where it is neither set nor has a default. */
export function currentSettings(variables: Variables = process.env) {
  const values: Readonly<Record<string, string | number | undefined>> = environmentSchema.parse(
    ownVariables(variables),
  );
  return Object.entries(environmentSchema.shape).map(([name, { description = '' }]) => ({
    name,
    value: isSecret(name) && values[name] !== undefined ? '(set)' : values[name],
    purpose: description,
  }));
}

/** All settings with what they are for and their defaults, a line each. */
export function describeSettings(): string {
  const lines = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const byDefault = schema.safeParse(undefined).data;
    return `  ${name.padEnd(28)}${schema.description}${byDefault === undefined ? '' : ` [${byDefault}]`}`;
  });
  return lines.join('\n');
}

/** Whether the person named a Temporal server of their own, which is then used instead of starting one. */
export function namesTemporalServer(variables: Variables = process.env): boolean {
  return Boolean(variables.TEMPORAL_ADDRESS) || Boolean(variables.TEMPORAL_PROFILE);
}

/** How to reach Temporal, from TEMPORAL_* and its configuration file; the address defaults to 127.0.0.1:7233. */
export function readTemporalConnection(variables: Variables = process.env): {
  connectionOptions: NativeConnectionOptions;
  namespace: string;
} {
  const overrideEnvVars: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value !== '') overrideEnvVars[name] = value;
  }
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
  return {
    connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? '127.0.0.1:7233' },
    namespace: namespace ?? 'default',
  };
}

/** Where this person's own files for Airworthy are, such as sign-ins. */
export function configFolder(variables: Variables = process.env): string {
  return join(variables.XDG_CONFIG_HOME || join(homedir(), '.config'), 'airworthy');
}

/** Where fetched servers are kept between checkouts. */
export function cacheFolder(variables: Variables = process.env): string {
  return join(variables.XDG_CACHE_HOME || join(homedir(), '.cache'), 'airworthy');
}
