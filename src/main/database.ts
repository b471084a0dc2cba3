import { join } from 'node:path';
import { reason } from '../adapters/system-error.js';
import { migrate } from '../ledger/migrate.js';
import { APP_ROLE } from '../ledger/pool.js';
import type { Variables } from './environment.js';
import { OperatorError } from './operator-error.js';
import { openCluster } from './servers/postgres-cluster.js';
import { addressOf, ask } from './servers/postgres-databases.js';
import { DATABASE, serverProgram } from './servers/postgres-server.js';
import type { Program } from './supervisor/running-child.js';

/** Where the database is, as its children reach it. */
export interface DatabasePlace {
  /** Its address without a password, for people. */
  address: string;
  databaseUrl: string;
  /** The application's login; absent: it takes on its role in the owner's. */
  databaseAppUrl?: string;
}

/** The PostgreSQL of a home as a program for the supervisor, and how to look at it. */
export async function databaseProgram(
  home: string,
  port: number,
  variables: Variables,
): Promise<{ program: Program; place: DatabasePlace; origin: string; look: string }> {
  const cluster = await openCluster(join(home, 'database'), { variables });
  const { owner, app, passFile, program } = cluster;
  const databaseUrl = addressOf(owner, port, DATABASE);
  return {
    program: serverProgram(cluster, { port, variables }),
    place: {
      address: withoutPassword(databaseUrl),
      databaseUrl,
      databaseAppUrl: addressOf(app, port, DATABASE),
    },
    origin: `${program.version}, ${program.origin} (${program.binaries})`,
    look: `PGPASSFILE=${quoted(passFile)} psql -h 127.0.0.1 -p ${port} -U ${app.user} ${DATABASE}`,
  };
}

/** Checks that the database of DATABASE_URL answers, brings it to the newest schema, and lets API and worker in. */
export async function joinDatabase(
  databaseUrl: string,
  databaseAppUrl?: string,
): Promise<DatabasePlace & { version: string; applied: readonly number[] }> {
  const address = withoutPassword(databaseUrl);
  try {
    const [row] = await ask<{ server_version: string }>(databaseUrl, 'SHOW server_version');
    const applied = await migrate(databaseUrl);
    await enterRole(databaseUrl, databaseAppUrl);
    const own = databaseAppUrl === undefined ? {} : { databaseAppUrl };
    return { address, databaseUrl, ...own, version: row?.server_version ?? '', applied };
  } catch (error) {
    throw new OperatorError(
      `The database at ${address} cannot be used (${reason(error)}). ` +
        'Check DATABASE_URL and AIRWORTHY_DATABASE_APP_URL, or unset them to have a PostgreSQL started here.',
    );
  }
}

async function enterRole(databaseUrl: string, databaseAppUrl?: string): Promise<void> {
  const enter = `SET ROLE ${APP_ROLE}`;
  if (databaseAppUrl === undefined) {
    // Since version 16, whoever makes a role may hand it out, but not take it on unless he hands it to himself.
    await ask(databaseUrl, enter).catch(async () => {
      await ask(databaseUrl, `GRANT ${APP_ROLE} TO CURRENT_USER`);
      await ask(databaseUrl, enter);
    });
    return;
  }
  const [login] = await ask<{ name: string; member: boolean }>(
    databaseAppUrl,
    `SELECT current_user AS name, pg_has_role('${APP_ROLE}', 'USAGE') AS member`,
  );
  if (login?.member === true) return;
  throw new Error(`${login?.name} may not append: as its owner, GRANT ${APP_ROLE} TO ${login?.name}`);
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  parsed.searchParams.delete('password');
  return parsed.href;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
