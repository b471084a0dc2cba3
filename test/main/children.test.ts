import { expect, it } from 'vitest';
import { apiVariables, childVariables, workerVariables } from '../../src/main/children.js';
import { currentSettings, readEnvironment } from '../../src/main/environment.js';

/** What `up` alone uses: the ports of servers whose addresses its children are told. */
const OWN = ['AIRWORTHY_TEMPORAL_PORT', 'AIRWORTHY_TEMPORAL_UI_PORT', 'AIRWORTHY_DATABASE_PORT'];
/** What only whoever calls has. */
const OF_CALLERS = ['AIRWORTHY_TOKEN'];

it('every setting reaches the children that it is for', () => {
  const given = {
    DATABASE_URL: 'postgresql://owner@127.0.0.1/db',
    AIRWORTHY_DATABASE_APP_URL: 'postgresql://app@127.0.0.1/db',
    AIRWORTHY_TRUST: 'signed',
    AIRWORTHY_OIDC_ISSUER: 'https://login.example https://other.example',
    AIRWORTHY_OIDC_AUDIENCE: 'airworthy',
    AIRWORTHY_OIDC_CLAIMS: '/claims.yaml',
    AIRWORTHY_OIDC_CLIENT_ID: 'cli',
    AIRWORTHY_MASTER_KEY: 'AAAA',
    AIRWORTHY_RECONCILE_EVERY: '10s',
    AIRWORTHY_ANCHOR_EVERY: '1s',
    AIRWORTHY_SIGNING_KEY: 'PEM',
    AIRWORTHY_SIGNING_KEY_FILE: '/keys.pem',
    AIRWORTHY_ROOT_KEYS: 'PEM',
    AIRWORTHY_ROOT_KEYS_FILE: '/roots.pem',
    AIRWORTHY_COMMAND_KEY: 'PEM',
    AIRWORTHY_COMMAND_KEY_FILE: '/command.pem',
    AIRWORTHY_COMMAND_CERTIFICATES: 'CERT',
    AIRWORTHY_COMMAND_CERTIFICATES_FILE: '/command.cert',
    AIRWORTHY_TARGETS: '/targets.yaml',
    AIRWORTHY_METRIC_SOURCES: '/metrics.yaml',
    AIRWORTHY_NOTIFY_FILE: '/notify.yaml',
    AIRWORTHY_NOTIFY_SMTP: 'smtp://127.0.0.1:25',
    AIRWORTHY_NOTIFY_FROM: 'airworthy@example.com',
    AIRWORTHY_NOTIFY_WEBHOOK_SECRET: 'whsec_AAAA',
    AIRWORTHY_NOTIFY_UNREACHABLE_AFTER: '2d',
    AIRWORTHY_NOTIFY_GIVE_UP_AFTER: '9d',
    AIRWORTHY_EGRESS_ALLOW: 'hooks.example',
    AIRWORTHY_EGRESS_PRIVATE: '127.0.0.1',
    AIRWORTHY_WITNESS_FILE: '/witness.jsonl',
    AIRWORTHY_WITNESS_URL: 'http://127.0.0.1:1',
    AIRWORTHY_WITNESS_SECRET: 'whsec_AAAA',
  };
  const addresses = {
    api: 'http://api',
    temporal: '127.0.0.1:3',
    namespace: 'default',
    temporalUi: 'http://ui',
    database: '',
    target: 'http://target',
    metrics: 'http://metrics',
  };
  const { DATABASE_URL: databaseUrl, AIRWORTHY_DATABASE_APP_URL: databaseAppUrl } = given;
  const database = { address: '', databaseUrl, databaseAppUrl };
  const all = childVariables(given, readEnvironment(given), { api: 1, services: 2 }, addresses, database);
  // Whoever has the keys that sign can speak for the ledger: the worker alone does.
  expect(Object.keys(all).filter((name) => /SIGNING|WITNESS/.test(name))).toEqual([]);
  // The same for what proves commands: the API alone speaks for people.
  const private_ = /COMMAND_/;
  expect(Object.keys({ ...all, ...workerVariables(given) }).filter((name) => private_.test(name))).toEqual(
    [],
  );
  const told: NodeJS.ProcessEnv = { ...all, ...workerVariables(given), ...apiVariables(given) };
  expect(told).toMatchObject(given);
  const missing = currentSettings({}).flatMap(({ name }) => (told[name] === undefined ? [name] : []));
  expect(missing.sort()).toEqual([...OWN, ...OF_CALLERS].sort());
});
