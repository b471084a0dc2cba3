import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Variables } from '../environment.js';
import { OperatorError } from '../operator-error.js';
import { packagedPostgres } from './postgres-package.js';
import { isExecutable, onPath } from './program-path.js';

/** The programs of one PostgreSQL: where `postgres` and `initdb` are, which version, and in words whose it is. */
export interface PostgresProgram {
  binaries: string;
  /** Such as 18.4. */
  version: string;
  major: number;
  origin: string;
}

/** What to look for: `from` leaves out the other kind; `major` wants that version only; `debian` is Debian's folder. */
export interface PostgresSearch {
  variables: Variables;
  from?: 'embedded' | 'machine' | undefined;
  major?: number | undefined;
  debian?: string;
}

const OLDEST = 15;
const DEBIAN = '/usr/lib/postgresql';
const inWords = { embedded: 'in the npm package', machine: 'installed on this machine' };

/**
 * A PostgreSQL that can be started here: of the npm package, else one of the machine, newest first.
 * Throws OperatorError that says what to install, or to name a database in DATABASE_URL.
 */
export async function findPostgres(search: PostgresSearch): Promise<PostgresProgram> {
  const { from, major } = search;
  const seen: string[] = [];
  for await (const { binaries, origin } of candidates(search)) {
    const version = await versionOf(binaries);
    if (version === undefined) continue;
    const found = { binaries, version, major: Number.parseInt(version, 10), origin };
    if (major === undefined ? found.major >= OLDEST : found.major === major) return found;
    seen.push(`${version} (${origin})`);
  }
  const wanted = major === undefined ? `${OLDEST} or newer` : String(major);
  const passedOver = seen.length === 0 ? '' : `, only ${seen.join(' and ')}`;
  const where = from === undefined ? 'at hand' : inWords[from];
  throw new OperatorError(
    `No PostgreSQL ${wanted} is ${where}${passedOver}. Install it (on Debian: apt-get install ` +
      `postgresql${major === undefined ? '' : `-${major}`}), or set DATABASE_URL to a running one.`,
  );
}

async function* candidates(search: PostgresSearch): AsyncGenerator<{ binaries: string; origin: string }> {
  if (search.from !== 'machine') {
    const packaged = await packagedPostgres();
    if (packaged !== undefined) yield packaged;
  }
  if (search.from === 'embedded') return;
  const { variables, debian = DEBIAN } = search;
  const config = await onPath('pg_config', variables);
  const named = config === undefined ? undefined : await outputOf(config, '--bindir');
  if (named !== undefined) yield { binaries: named, origin: '`pg_config` on the PATH' };
  const server = await onPath('postgres', variables);
  if (server !== undefined) yield { binaries: dirname(server), origin: '`postgres` on the PATH' };
  const versions = await readdir(debian).catch(() => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    yield { binaries: join(debian, version, 'bin'), origin: "the machine's package" };
  }
}

/** Undefined where there is no server, or one that does not run here. */
async function versionOf(binaries: string): Promise<string | undefined> {
  const server = join(binaries, 'postgres');
  if (!(await isExecutable(server)) || !(await isExecutable(join(binaries, 'initdb')))) return undefined;
  const text = await outputOf(server, '--version');
  return text === undefined ? undefined : /\d+(\.\d+)*/.exec(text)?.[0];
}

async function outputOf(program: string, argument: string): Promise<string | undefined> {
  return promisify(execFile)(program, [argument], { timeout: 10_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
