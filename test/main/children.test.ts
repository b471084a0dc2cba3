import { expect, it } from 'vitest';
import { childVariables, workerVariables } from '../../src/main/children.js';
import { currentSettings, readEnvironment } from '../../src/main/environment.js';

/** What `up` alone uses: the ports of servers whose addresses its children are told. */
const OWN = ['AIRWORTHY_TEMPORAL_PORT', 'AIRWORTHY_TEMPORAL_UI_PORT', 'AIRWORTHY_DATABASE_PORT'];

it('every setting reaches the children that it is for', () => {
  const given = {
    DATABASE_URL: 'postgresql://owner@127.0.0.1/db',
    AIRWORTHY_DATABASE_APP_URL: 'postgresql://app@127.0.0.1/db',
    AIRWORTHY_MASTER_KEY: 'AAAA',
    AIRWORTHY_RECONCILE_EVERY: '10s',
    AIRWORTHY_ANCHOR_EVERY: '1s',
    AIRWORTHY_SIGNING_KEY: 'PEM',
    AIRWORTHY_SIGNING_KEY_FILE: '/keys.pem',
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
  const told: NodeJS.ProcessEnv = { ...all, ...workerVariables(given) };
  expect(told).toMatchObject(given);
  const missing = currentSettings({}).flatMap(({ name }) => (told[name] === undefined ? [name] : []));
  expect(missing.sort()).toEqual([...OWN].sort());
});
