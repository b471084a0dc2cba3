import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { shipped } from './shipped.js';

const FOLDER = shipped('migrations');
/** Any number, the same for everybody: one migration at a time in a database. */
const LOCK = 4_175_002_011;
const OLDEST = 150_000;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The database cannot be brought to this version; the message says what to do. */
class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
  readonly code = 'migration-refused';
}

/**
 * Brings the database to the newest schema, one transaction a file, and answers the numbers it applied.
 * `ownerUrl` is a login that may create schemas and roles. Throws `MigrationRefused`, and what the server throws.
 */
export async function migrate(ownerUrl: string): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'airworthy-migrate' });
  await client.connect();
  try {
    await requireVersion(client);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const known = await appliedTo(client);
    const migrations = await readMigrations();
    refuseStrangers(known, migrations);
    const missing = migrations.filter(({ number }) => !known.has(number));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ number }) => number);
  } finally {
    await client.end();
  }
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  const version = rows[0]?.version ?? 0;
  if (version >= OLDEST) return;
  throw new MigrationRefused(
    `this PostgreSQL is version ${Math.floor(version / 10_000)}; Airworthy needs 15 or newer: upgrade it, or name another in DATABASE_URL`,
  );
}

async function appliedTo(client: pg.Client): Promise<ReadonlyMap<number, string>> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('ledger.migration') IS NOT NULL AS there",
  );
  if (found[0]?.there !== true) return new Map();
  const { rows } = await client.query<{ number: number; sha256: string }>(
    'SELECT number, sha256 FROM ledger.migration ORDER BY number',
  );
  return new Map(rows.map(({ number, sha256 }) => [number, sha256]));
}

async function readMigrations(): Promise<readonly Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => /^\d{4}_[a-z_]+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(FOLDER, file), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      return { number: Number(file.slice(0, 4)), name: file.slice(5, -'.sql'.length), sql, sha256 };
    }),
  );
}

function refuseStrangers(known: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  for (const [number, sha256] of known) {
    const ours = migrations.find((migration) => migration.number === number);
    if (ours === undefined) {
      throw new MigrationRefused(
        `the database has migration ${number}, which this version does not know: it was used by a newer one; start that`,
      );
    }
    if (ours.sha256 !== sha256) {
      throw new MigrationRefused(
        `migration ${number} (${ours.name}) was changed after it was applied: restore the file, and put the change into a new one`,
      );
    }
  }
}

async function apply(client: pg.Client, { number, name, sql, sha256 }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO ledger.migration (number, name, sha256) VALUES ($1, $2, $3)', [
      number,
      name,
      sha256,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new MigrationRefused(`migration ${number} (${name}) failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
