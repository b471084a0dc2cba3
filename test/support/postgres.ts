/** Real PostgreSQL servers for tests: started in a temporary folder, killed, started again, and a database for each. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/main/servers/postgres-cluster.js';
import { addressOf, createDatabase } from '../../src/main/servers/postgres-databases.js';
import { killProcesses } from '../../src/main/servers/postgres-processes.js';
import { DATABASE, serverProgram } from '../../src/main/servers/postgres-server.js';
import { choosePorts } from '../../src/main/supervisor/ports.js';
import { startChild } from '../../src/main/supervisor/running-child.js';
import { PORTS_MAY_BE_TAKEN, startAgain } from '../../src/main/supervisor/start-again.js';

/** The addresses of one database: the owner's, and the application's. */
export interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly appUrl: string;
}

/** A running server. Its own database is migrated and stays empty: every fresh one is a copy of it. */
export interface Postgres extends DatabaseUrls {
  /** Such as 18.4. */
  readonly version: string;
  /** A new database with the newest schema. */
  freshDatabase(): Promise<DatabaseUrls>;
  /** SIGKILL of the server and of all its processes; resolves when none is left. */
  kill(): Promise<void>;
  /** Starts it again at the same port, after it was killed or not; resolves when it can be used. */
  restart(): Promise<void>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

interface Options {
  readonly from?: 'embedded' | 'machine';
  readonly fsync?: boolean;
}

/**
 * Starts a server on a free port. `from`: that of the npm package, or one of the machine; absent: the first that is
 * there. `fsync` (false): whether commits wait for the disk; what is committed outlives `kill` either way.
 */
export async function startPostgres(options: Options = {}): Promise<Postgres> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  return startAgain('postgres', PORTS_MAY_BE_TAKEN, say, () => startOne(options));
}

async function startOne({ from, fsync = false }: Options): Promise<Postgres> {
  const variables = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-postgres-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const cluster = await openCluster(folder, { variables, from, sync: false }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  const { port } = await choosePorts({ port: { port: 0, purpose: 'the database', variable: '' } });
  const program = serverProgram(cluster, { port, fsync, variables });
  const start = () => startChild(program, { runFolder: folder, logFolder: folder });
  let server = start();
  const stop = async () => {
    await server.stop();
    await killProcesses(cluster.name);
    await remove();
  };
  try {
    await server.ready;
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = {
    ownerUrl: addressOf(cluster.owner, port, DATABASE),
    appUrl: addressOf(cluster.app, port, DATABASE),
  };
  return {
    ...urls,
    version: cluster.program.version,
    freshDatabase: () => copyOf(urls),
    kill: async () => {
      await killProcesses(cluster.name);
      await server.ended;
    },
    restart: async () => {
      await server.stop();
      await program.prepare?.();
      server = start();
      await server.ready;
    },
    stop,
  };
}

/** A new database with what is in another, in which nobody may be at that moment. */
export async function copyOf(urls: DatabaseUrls): Promise<DatabaseUrls> {
  const name = `copy_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(inDatabase(urls.ownerUrl, 'postgres'), name, DATABASE);
  return { ownerUrl: inDatabase(urls.ownerUrl, name), appUrl: inDatabase(urls.appUrl, name) };
}

function inDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: name }).href;
}
