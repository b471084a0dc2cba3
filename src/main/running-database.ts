import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { reason } from '../adapters/system-error.js';
import { Unreachable } from '../cli/client/problems.js';
import type { Environment } from './environment.js';
import { runningSystem } from './supervisor/addresses.js';

/**
 * Connections for the verbs that need the database and no API: to that of DATABASE_URL, or to the one that a running
 * `up` started, in the role of the application. Throws `Unreachable` where there is neither.
 */
export async function openRunningDatabase({
  home,
  databaseUrl,
  databaseAppUrl,
}: Pick<Environment, 'home' | 'databaseUrl' | 'databaseAppUrl'>): Promise<pg.Pool> {
  // Here, because other verbs should not wait for a database's driver to load.
  const { openPool } = await import('./database-pool.js');
  const named = databaseAppUrl ?? databaseUrl;
  const place = { databaseUrl: named ?? (await addressOfRunning(home)), databaseAppUrl };
  return openPool(place, { warn: () => undefined }, { max: 1, statementMs: 0 });
}

async function addressOfRunning(home: string): Promise<string> {
  const running = runningSystem(home);
  if (running === undefined) {
    throw new Unreachable(
      'There is no database: name one in DATABASE_URL, or start everything with npm run up.',
    );
  }
  const url = new URL(running.addresses.database);
  const passFile = join(home, 'database', 'pgpass');
  try {
    const lines = (await readFile(passFile, 'utf8')).split('\n').map((line) => line.split(':'));
    url.password = lines.find((fields) => fields[3] === url.username)?.[4] ?? '';
  } catch (cause) {
    throw new Unreachable(`The password of the database cannot be read: ${reason(cause)}.`, { cause });
  }
  return url.href;
}
