import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from '../supervisor/ports.js';
import { startChild } from '../supervisor/running-child.js';
import { PORTS_MAY_BE_TAKEN, startAgain } from '../supervisor/start-again.js';
import { devServerProgram } from '../temporal-server.js';
import type { Search } from './fetched.js';

/** A development server that forgets everything when it is stopped. */
export interface MemoryServer {
  /** Host and port of its frontend; the namespace is `default`. */
  address: string;
  stop(): Promise<void>;
}

/** Starts one on a free port with the settings and search attributes of `up`, for tests and benchmarks. */
export async function startMemoryServer(search: Search): Promise<MemoryServer> {
  return startAgain('temporal', PORTS_MAY_BE_TAKEN, search.say, () => startOne(search));
}

async function startOne(search: Search): Promise<MemoryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-temporal-'));
  const { temporal } = await choosePorts({ temporal: { port: 0, purpose: 'Temporal', variable: '' } });
  const program = await devServerProgram(search, { port: temporal });
  search.say(`Temporal dev server, in memory: ${program.origin} (${program.command}).`);
  const server = startChild(program, { runFolder: folder, logFolder: folder });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: `127.0.0.1:${temporal}`, stop };
}
