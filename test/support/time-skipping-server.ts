import type { TestProject } from 'vitest/node';
import { findTestServer } from '../../src/main/servers/test-server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    testServerProgram: string;
  }
}

/** Finds (the first time: fetches) the time-skipping test server, before any test waits for it. */
export async function setup(project: TestProject): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { path, origin } = await findTestServer({ variables: process.env, say });
  say(`Time-skipping test server: ${origin} (${path}).`);
  project.provide('testServerProgram', path);
}
