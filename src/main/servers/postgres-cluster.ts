import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeAtomically } from '../../adapters/atomic-file.js';
import { reason, systemCode } from '../../adapters/system-error.js';
import type { Variables } from '../environment.js';
import { OperatorError } from '../operator-error.js';
import type { Login } from './postgres-databases.js';
import { findPostgres, type PostgresProgram, type PostgresSearch } from './postgres-program.js';
import { requireOwnData, type ServerUser, serverUser } from './postgres-user.js';

/** A PostgreSQL cluster in a folder of ours: what starts it, as whom, and its logins. */
export interface Cluster {
  /** In the command line of each of its processes. */
  name: string;
  data: string;
  /** The file of its passwords, in the form that `psql` reads where PGPASSFILE names it. */
  passFile: string;
  program: PostgresProgram;
  user: ServerUser;
  owner: Login;
  app: Login;
}

/** The logins of a cluster: migrations are the owner's, API and worker have the other. */
const LOGINS = { owner: 'airworthy', app: 'airworthy_app_login' } as const;

/**
 * The cluster in a folder, made there the first time. `sync: false` does not wait for the disk, for what is thrown
 * away anyway. Throws OperatorError when no PostgreSQL that can open it is found, or it cannot be started here.
 */
export async function openCluster(
  folder: string,
  search: Omit<PostgresSearch, 'major'> & { sync?: boolean },
): Promise<Cluster> {
  const data = join(folder, 'data');
  const passFile = join(folder, 'pgpass');
  await mkdir(folder, { recursive: true });
  await requireOwnData(data);
  const major = await majorOf(data);
  const program = await programFor(data, major, search);
  const user = await serverUser(program.binaries, folder, data, search.variables);
  const { owner, app } = await loginsIn(passFile, major === undefined);
  // Of the password, because it is random: no other cluster of this machine has the same name.
  const name = `airworthy-${createHash('sha256').update(owner.password).digest('hex').slice(0, 12)}`;
  const cluster = { name, data, passFile, program, user, owner, app };
  if (major === undefined) await makeData(cluster, search.variables, search.sync ?? true);
  return cluster;
}

async function majorOf(data: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(data, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function programFor(
  data: string,
  major: number | undefined,
  search: PostgresSearch,
): Promise<PostgresProgram> {
  try {
    return await findPostgres({ ...search, major });
  } catch (error) {
    if (major === undefined || !(error instanceof OperatorError)) throw error;
    throw new OperatorError(
      `The database in ${data} was made by PostgreSQL ${major}, and only that opens it. ${error.message} ` +
        'To begin with an empty database instead, move that folder away.',
    );
  }
}

async function loginsIn(passFile: string, isNew: boolean): Promise<{ owner: Login; app: Login }> {
  const text = await readFile(passFile, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' && isNew) return '';
    throw new OperatorError(
      `The passwords of the database cannot be read: ${reason(error)}. Restore ${passFile}.`,
    );
  });
  const lines = text.split('\n').map((line) => line.split(':'));
  const login = (user: string): Login => {
    const known = lines.find((fields) => fields[3] === user)?.[4];
    if (known === undefined && !isNew)
      throw new OperatorError(`${passFile} has no password of ${user}. Restore it.`);
    return { user, password: known ?? randomBytes(24).toString('hex') };
  };
  const logins = { owner: login(LOGINS.owner), app: login(LOGINS.app) };
  if (isNew) {
    const line = ({ user, password }: Login) => `127.0.0.1:*:*:${user}:${password}\n`;
    await writeAtomically(passFile, line(logins.owner) + line(logins.app), 0o600);
  }
  return logins;
}

/** Made beside its place and moved there when it is complete: an interrupted start leaves nothing half made. */
async function makeData(
  { data, program, user, owner }: Cluster,
  variables: Variables,
  sync: boolean,
): Promise<void> {
  const next = `${data}.next`;
  const passwordFile = `${next}.password`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { mode: 0o700 });
  await writeFile(passwordFile, owner.password, { mode: 0o600 });
  if (user.ids !== undefined) {
    for (const file of [next, passwordFile]) await chown(file, user.ids.uid, user.ids.gid);
  }
  const command = [
    ...user.prefix,
    join(program.binaries, 'initdb'),
    `--pgdata=${next}`,
    `--username=${owner.user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--no-instructions',
    ...(sync ? [] : ['--no-sync']),
  ];
  const [first = '', ...args] = command;
  try {
    await promisify(execFile)(first, args, { env: serverVariables(variables), cwd: '/' });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new OperatorError(`${stderr?.trim() ?? reason(error)}\nThe database could not be made in ${data}.`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(next, data);
}

/** Without the settings that a person has for other servers and clients, and in one language for the logs. */
export function serverVariables(variables: Variables): NodeJS.ProcessEnv {
  const rest = Object.entries(variables).filter(
    ([name]) => !/^(PG|LC_|LANG|DATABASE_URL|AIRWORTHY_)/.test(name),
  );
  return { ...Object.fromEntries(rest), LC_ALL: 'C' };
}
