import type { TestProject } from 'vitest/node';
import { startMemoryServer } from '../../src/main/servers/memory-server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    devServerAddress: string;
  }
}

/** Starts the one development server of a test run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const server = await startMemoryServer({ variables: process.env, say });
  project.provide('devServerAddress', server.address);
  return () => server.stop();
}
