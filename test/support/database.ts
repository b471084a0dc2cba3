import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { findPostgres } from '../../src/main/servers/postgres-program.js';
import { type DatabaseUrls, startPostgres } from './postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    database: DatabaseUrls;
  }
}

/** The ledger is tested on the machine's PostgreSQL too: where Debian has none yet, it is installed. */
async function requireMachinePostgres(): Promise<void> {
  try {
    await findPostgres({ variables: process.env, from: 'machine' });
  } catch (error) {
    if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) throw error;
    process.stderr.write('Installing PostgreSQL by apt-get, for the tests of the ledger ...\n');
    spawnSync('apt-get', ['update', '-qq']);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql']);
    await findPostgres({ variables: process.env, from: 'machine' });
  }
}

/** Starts the one PostgreSQL of a test run, for the first level that asks; `freshDatabase()` gives each file its own. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // What the root provides, all levels have.
  const root = project.vitest.getRootProject();
  if ('database' in root.getProvidedContext()) return undefined;
  await requireMachinePostgres();
  const { ownerUrl, appUrl, version, stop } = await startPostgres();
  process.stderr.write(`PostgreSQL of this run: ${version}.\n`);
  root.provide('database', { ownerUrl, appUrl });
  return stop;
}
