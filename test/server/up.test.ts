import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { identityOf } from '../../src/adapters/process-identity.js';
import { searchAttributes } from '../../src/contracts/search-attributes.js';
import { inCheckout } from '../../src/main/checkout.js';
import { ask } from '../../src/main/servers/postgres-databases.js';
import { freshDatabase } from '../support/fresh-database.js';
import { newHome, removeHome, type StartedUp, startUp, type UpOptions } from '../support/up.js';

const command = [inCheckout('test', 'fixtures', 'up-with-children.mjs')];
const children = ['api', 'worker', 'demo-services', 'temporal', 'database'];

let home: string;
let up: StartedUp | undefined;

beforeEach(async () => {
  home = await newHome();
});
afterEach(async () => {
  await up?.stop();
  await removeHome(home);
});

async function start(options: UpOptions = {}): Promise<StartedUp> {
  up = await startUp({ home, command, ...options });
  return up;
}

async function databaseOf(system: StartedUp): Promise<string> {
  const told = (await (await fetch(system.addresses.api)).json()) as Record<string, string>;
  return told.DATABASE_URL ?? '';
}

const pidsOf = (system: StartedUp) => Promise.all(children.map((name) => system.childPid(name)));
const running = (pids: readonly number[]) => pids.filter((pid) => identityOf(pid) !== undefined);

async function connect(address: string): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address }) });
}

describe('a started `up`', () => {
  it('says where everything is, tells its children, and leaves no process behind when stopped', async () => {
    const system = await start();
    const { addresses } = system;
    await vi.waitFor(() => expect(system.output()).toContain('Airworthy is up.'));
    expect(system.output()).toMatch(/^Temporal server: .* \(.*temporal\)\.$/m);
    expect(system.output()).toContain(`${addresses.temporalUi}/namespaces/default/workflows`);
    expect(system.output()).toMatch(/^Database: PostgreSQL 18\.4, of the npm package \(.*\)\.$/m);
    expect(addresses.database).toMatch(/^postgresql:\/\/airworthy@127\.0\.0\.1:\d+\/airworthy$/);
    expect(system.output()).toContain(`PGPASSFILE=${home}/database/pgpass psql -h 127.0.0.1 -p `);
    const told = (await (await fetch(addresses.api)).json()) as Record<string, string>;
    expect(told).toMatchObject({
      AIRWORTHY_HOME: home,
      AIRWORTHY_PUBLIC_URL: addresses.api,
      AIRWORTHY_TARGET_URL: addresses.target,
      TEMPORAL_ADDRESS: addresses.temporal,
    });
    expect(system.output()).not.toContain(new URL(told.DATABASE_URL ?? '').password);
    expect(await ask(told.AIRWORTHY_DATABASE_APP_URL ?? '', 'SELECT current_user AS me')).toEqual([
      { me: 'airworthy_app_login' },
    ]);
    expect((await fetch(addresses.temporalUi ?? '')).status).toBe(200);
    const pids = await pidsOf(system);
    expect(running(pids)).toHaveLength(5);
    const begun = Date.now();
    expect(await system.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(running(pids)).toEqual([]);
    expect((await readdir(join(home, 'run'))).filter((file) => file.endsWith('.json'))).toEqual([]);
  });

  it('is not started twice: the second says where the first is', async () => {
    const system = await start();
    const second = spawnSync(process.execPath, command, {
      env: { ...process.env, AIRWORTHY_HOME: home },
      encoding: 'utf8',
    });
    expect(second.status).toBe(0);
    expect(second.stdout).toContain(`Airworthy is up already, as process ${system.pid}`);
    expect(second.stdout).toContain(system.addresses.api);
  });

  it('registers the search attributes', async () => {
    const client = await connect((await start()).addresses.temporal);
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(searchAttributes)));
    await client.connection.close();
  });

  it('starts a killed child again, Temporal included, at the same address', async () => {
    const system = await start();
    for (const name of ['worker', 'temporal', 'database'])
      process.kill(await system.childPid(name), 'SIGKILL');
    await vi.waitFor(() => expect(system.output()).toContain('worker runs again.'), 20_000);
    await vi.waitFor(() => expect(system.output()).toContain('temporal runs again.'), 20_000);
    await vi.waitFor(() => expect(system.output()).toContain('database runs again.'), 20_000);
    const client = await connect(system.addresses.temporal);
    await client.connection.close();
    expect(await ask(await databaseOf(system), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('stops at once when told so a second time', async () => {
    const system = await start();
    process.kill(await system.childPid('api'), 'SIGSTOP');
    const stopped = system.stop();
    await sleep(1_200);
    const pids = await pidsOf(system);
    process.kill(system.pid, 'SIGINT');
    expect(await stopped).toBe(130);
    await vi.waitFor(() => expect(running(pids)).toEqual([]), 3_000);
  });
});

describe('an `up` that was killed', () => {
  it('is started again: orphans are ended, and every workflow is still there', async () => {
    const first = await start();
    const client = await connect(first.addresses.temporal);
    await client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'kept' });
    await client.connection.close();
    await ask(await databaseOf(first), 'CREATE TABLE kept AS SELECT 42 AS n');
    const orphan = await first.childPid('temporal');
    await first.kill();
    expect(running([orphan])).toEqual([orphan]);

    const second = await start();
    expect(running([orphan])).toEqual([]);
    expect(second.output()).toContain(`Ending temporal (process ${orphan}), left behind by an earlier run`);
    const again = await connect(second.addresses.temporal);
    expect((await again.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    await again.connection.close();
    expect(second.output()).toMatch(/Ending database \(process \d+\), left behind by an earlier run/);
    expect(await ask(await databaseOf(second), 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('leaves children that end by themselves', async () => {
    const system = await start();
    const pids = await Promise.all(['api', 'worker', 'demo-services'].map((name) => system.childPid(name)));
    await system.kill();
    await vi.waitFor(() => expect(running(pids)).toEqual([]), 5_000);
  });
});

describe('an `up` that cannot start', () => {
  it('names the port in use and starts nothing', async () => {
    const other = await start();
    const port = new URL(other.addresses.api).port;
    const another = await newHome();
    const refused = startUp({ home: another, command, variables: { AIRWORTHY_API_PORT: port } });
    await expect(refused).rejects.toThrow(
      new RegExp(`exit code 1:\\nPort ${port}, wanted for the API, is in use by process \\d+`),
    );
    await removeHome(another);
  });

  it('names the port in use that the database wants', async () => {
    const { port } = new URL((await start()).addresses.database);
    const another = await newHome();
    const refused = startUp({ home: another, command, variables: { AIRWORTHY_DATABASE_PORT: port } });
    await expect(refused).rejects.toThrow(
      new RegExp(`Port ${port}, wanted for the database, .*set AIRWORTHY_DATABASE_PORT to another port`),
    );
    await removeHome(another);
  });

  it('says which variable is wrong', async () => {
    const refused = start({ variables: { AIRWORTHY_API_PROT: '1' } });
    await expect(refused).rejects.toThrow(/did you mean AIRWORTHY_API_PORT\?/);
  });
});

describe('with TEMPORAL_ADDRESS', () => {
  it('uses that server and starts none', async () => {
    const system = await start({ variables: { TEMPORAL_ADDRESS: inject('devServerAddress') } });
    expect(system.addresses.temporal).toBe(inject('devServerAddress'));
    expect(system.output()).toContain('as TEMPORAL_* say');
    await expect(system.childPid('temporal')).rejects.toThrow(/ENOENT/);
  });

  it('says so when nobody answers there', async () => {
    const refused = start({ variables: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });
    await expect(refused).rejects.toThrow(
      /The Temporal server at 127.0.0.1:1, namespace default, cannot be used/,
    );
  });
});

describe('with DATABASE_URL', () => {
  it('uses that database and starts none', async () => {
    const { ownerUrl, appUrl } = await freshDatabase();
    const variables = { DATABASE_URL: ownerUrl, AIRWORTHY_DATABASE_APP_URL: appUrl };
    const system = await start({ variables });
    expect(system.output()).toMatch(/^Database: PostgreSQL 18\.4 at postgresql:.*, as DATABASE_URL says\.$/m);
    expect(await databaseOf(system)).toBe(ownerUrl);
    await expect(system.childPid('database')).rejects.toThrow(/ENOENT/);
  });
});
