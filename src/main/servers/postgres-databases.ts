import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { systemCode } from '../../adapters/system-error.js';
import { migrate } from '../../ledger/migrate.js';
import { APP_ROLE } from '../../ledger/pool.js';

const TRY_EVERY_MS = 20;
// Nobody listens yet; it is starting, or mending itself after a kill; it breaks off while it does.
const NOT_YET: readonly (string | undefined)[] = ['ECONNREFUSED', 'ECONNRESET', '57P03'];

/** A login of a cluster. */
export interface Login {
  user: string;
  password: string;
}

/** The address of a database on this machine, with the login's password in it. */
export function addressOf({ user, password }: Login, port: number, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Resolves as soon as a server answers a query; throws what it says when that is not to be cured by waiting. */
export async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await ask(url, 'SELECT 1');
      return;
    } catch (error) {
      if (signal.aborted || !NOT_YET.includes(systemCode(error))) throw error;
      await sleep(TRY_EVERY_MS);
    }
  }
}

/** Makes a database if it is not there, `from` another (in which nobody may be then); names are ours, never typed. */
export async function createDatabase(serverUrl: string, name: string, from = 'template1'): Promise<void> {
  await ask(
    serverUrl,
    `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(from)}`,
  ).catch((error: unknown) => {
    if (systemCode(error) !== '42P04') throw error;
  });
}

/** Brings a database to the newest schema and lets the application's login in. */
export async function prepareDatabase(ownerUrl: string, app: Login): Promise<readonly number[]> {
  const applied = await migrate(ownerUrl);
  const user = pg.escapeLiteral(app.user);
  // In one statement, because PostgreSQL knows no CREATE ROLE IF NOT EXISTS.
  await ask(
    ownerUrl,
    `DO $do$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${user}) THEN
        EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE ${APP_ROLE}', ${user}, ${pg.escapeLiteral(app.password)});
      END IF;
    END $do$`,
  );
  return applied;
}

/** Asks on a connection of its own and answers with the rows. Gives up after ten seconds without a connection. */
export async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'airworthy-up',
  });
  // Whoever is cut off is told by the query; without a listener it would end the process besides.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
