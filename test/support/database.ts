import type { TestProject } from 'vitest/node';
import { type DatabaseUrls, startPostgres } from './postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    database: DatabaseUrls;
  }
}

/** Starts the one PostgreSQL of a test run, for the first level that asks; `freshDatabase()` gives each file its own. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // What the root provides, all levels have.
  const root = project.vitest.getRootProject();
  if ('database' in root.getProvidedContext()) return undefined;
  const { ownerUrl, appUrl, version, stop } = await startPostgres();
  process.stderr.write(`PostgreSQL of this run: ${version}.\n`);
  root.provide('database', { ownerUrl, appUrl });
  return stop;
}
