import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, openCluster } from '../../../src/main/servers/postgres-cluster.js';
import { addressOf, ask, untilAnswers } from '../../../src/main/servers/postgres-databases.js';
import { clearAfterKill, processesOf } from '../../../src/main/servers/postgres-processes.js';
import { DATABASE, serverProgram } from '../../../src/main/servers/postgres-server.js';
import { choosePorts } from '../../../src/main/supervisor/ports.js';
import { type RunningChild, startChild } from '../../../src/main/supervisor/running-child.js';
import { type Postgres, startPostgres } from '../../support/postgres.js';

const asRoot = process.getuid?.() === 0;
const variables = process.env;

describe.each([
  ['embedded', /^18\./],
  ['machine', /^\d\d\./],
] as const)('a PostgreSQL, %s', (from, version) => {
  let postgres: Postgres;

  beforeEach(async () => {
    postgres = await startPostgres({ from });
  });
  afterEach(() => postgres.stop());

  it('lets in its two logins, over TCP and with a password only', async () => {
    const { ownerUrl, appUrl } = await postgres.freshDatabase();
    expect(postgres.version).toMatch(version);
    expect(await ask(ownerUrl, 'SELECT current_user AS me')).toEqual([{ me: 'airworthy' }]);
    expect(await ask(appUrl, 'SELECT count(*)::int AS n FROM ledger.entry')).toEqual([{ n: 0 }]);
    await expect(ask(appUrl, 'DELETE FROM ledger.entry')).rejects.toThrow(/permission denied/);
    const wrong = Object.assign(new URL(appUrl), { password: 'guessed' }).href;
    await expect(ask(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    const settings = await ask(
      ownerUrl,
      "SELECT name || ' ' || setting AS is FROM pg_settings WHERE name IN " +
        "('listen_addresses', 'unix_socket_directories', 'server_encoding', 'password_encryption') ORDER BY name",
    );
    expect(settings.map(({ is }) => is)).toEqual([
      'listen_addresses 127.0.0.1',
      'password_encryption scram-sha-256',
      'server_encoding UTF8',
      'unix_socket_directories ',
    ]);
  });

  it('keeps what was committed when it is killed at work', async () => {
    const { ownerUrl } = await postgres.freshDatabase();
    await ask(ownerUrl, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    const busy = ask(ownerUrl, 'SELECT count(*) FROM generate_series(1, 1000000000)');
    const broken = busy.catch((error: Error) => error.message);
    await untilBusy(ownerUrl);
    await postgres.kill();
    expect(await broken).toMatch(/terminated|reset/);
    await postgres.restart();
    expect(await ask(ownerUrl, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
  });
});

async function untilBusy(url: string): Promise<void> {
  const sql =
    "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%1000000000%' AND pid <> pg_backend_pid()";
  while ((await ask(url, sql)).length === 0);
}

describe('a cluster in a folder', () => {
  let folder: string;
  let running: RunningChild | undefined;
  let stranger: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airworthy-cluster-'));
  });
  afterEach(async () => {
    await running?.stop();
    stranger?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const open = (from?: 'embedded' | 'machine', path = folder) =>
    openCluster(path, { variables, from, sync: false });

  async function start(cluster: Cluster): Promise<string> {
    const { port } = await choosePorts({ port: { port: 0, purpose: 'a test', variable: '' } });
    const program = serverProgram(cluster, { port, fsync: false, variables });
    await program.prepare?.();
    running = startChild(program, { runFolder: folder, logFolder: folder });
    await running.ready;
    return addressOf(cluster.owner, port, DATABASE);
  }

  it('is made once, with passwords that only its owner reads, and runs as an ordinary user', async () => {
    const cluster = await open();
    expect(await open()).toEqual(cluster);
    expect((await stat(cluster.passFile)).mode & 0o777).toBe(0o600);
    expect((await stat(cluster.data)).mode & 0o777).toBe(0o700);
    const url = await start(cluster);
    expect(await ask(url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
    const owners = processesOf(cluster.name).map(
      (pid) => /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
    );
    expect(owners.length).toBeGreaterThan(3);
    expect(new Set(owners)).toEqual(new Set([String(asRoot ? 65_534 : process.getuid?.())]));
  });

  it('works in a folder that is closed to everybody else', async () => {
    await chmod(folder, 0o700);
    const deep = join(folder, 'deep');
    await mkdir(deep, { mode: 0o700 });
    const url = await start(await open('embedded', deep));
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('ends at once when asked to, with sessions open, and leaves no process and no half-ended state', async () => {
    const cluster = await open();
    const url = await start(cluster);
    const session = ask(url, 'SELECT pg_sleep(60) /* 1000000000 */').catch((error: Error) => error.message);
    // A session that is still being opened would be broken off without a word.
    await untilBusy(url);
    const begun = Date.now();
    await running?.stop();
    expect(Date.now() - begun).toBeLessThan(4_000);
    expect(await session).toMatch(/terminating connection|reset/);
    expect(processesOf(cluster.name)).toEqual([]);
    expect(existsSync(join(cluster.data, 'postmaster.pid'))).toBe(false);
  });

  it('starts again after its first process alone was killed, once the others are gone', async () => {
    const cluster = await open();
    const url = await start(cluster);
    const busy = ask(url, 'SELECT count(*) FROM generate_series(1, 1000000000)').catch(() => undefined);
    await untilBusy(url);
    running?.kill();
    await running?.ended;
    expect(processesOf(cluster.name)).not.toEqual([]);
    expect(await ask(await start(cluster), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await busy;
  });

  it("takes no stranger's process for its own", async () => {
    const cluster = await open();
    stranger = spawn('sleep', ['60']);
    await once(stranger, 'spawn');
    const pidFile = join(cluster.data, 'postmaster.pid');
    await writeFile(pidFile, `${stranger.pid}\n${cluster.data}\n`);
    await clearAfterKill(cluster.name, cluster.data);
    expect(existsSync(pidFile)).toBe(false);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('says so when its data is of a version that is not there, and touches nothing', async () => {
    const { data } = await open();
    await writeFile(join(data, 'PG_VERSION'), '12\n');
    await expect(open()).rejects.toThrow(
      /made by PostgreSQL 12, and only that opens it\. No PostgreSQL 12 is at hand, only .*move that folder away\./,
    );
    expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('12\n');
  });

  it('is opened by the version that made it', async () => {
    const made = await open('machine');
    expect((await open()).program).toEqual(made.program);
  });

  it('says so when its passwords are lost', async () => {
    const { passFile } = await open();
    await rm(passFile);
    await expect(open()).rejects.toThrow(/passwords of the database cannot be read.*Restore/);
    await writeFile(passFile, '127.0.0.1:*:*:airworthy:x\n');
    await expect(open()).rejects.toThrow(/has no password of airworthy_app_login/);
  });

  it('begins again where making it was interrupted', async () => {
    await mkdir(join(folder, 'data.next', 'base'), { recursive: true });
    const url = await start(await open());
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('needs setpriv only as root, and says so', async () => {
    const opening = openCluster(folder, { variables: { PATH: '/nowhere' }, sync: false });
    if (asRoot)
      await expect(opening).rejects.toThrow(/needs setpriv of util-linux\. Start Airworthy as another user/);
    else await expect(opening).resolves.toBeDefined();
  });

  it('waits for a server to come up, not for a password to become right', async () => {
    const cluster = await open();
    const url = await start(cluster);
    const wrong = Object.assign(new URL(url), { password: 'guessed' }).href;
    await expect(untilAnswers(wrong, AbortSignal.timeout(10_000))).rejects.toThrow(/password authentication/);
    await expect(untilAnswers('postgresql://127.0.0.1:1/x', AbortSignal.timeout(100))).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});
