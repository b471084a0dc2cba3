import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inCheckout } from '../../src/main/checkout.js';
import { type Addresses, runningSystem } from '../../src/main/supervisor/addresses.js';
import { reclaimOrphans } from '../../src/main/supervisor/orphans.js';

/** An `up` started as a person would, in a home of its own and on free ports. */
export interface StartedUp {
  home: string;
  pid: number;
  addresses: Addresses;
  /** Everything it has printed so far. */
  output(): string;
  /** The process id of one of its children now: temporal, demo-services, worker, api. */
  childPid(name: string): Promise<number>;
  /** Ends it like Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to `up` alone. */
  kill(): Promise<void>;
}

/** How to start: the arguments of node (default: `npm run up`'s own), and variables on top of this process's. */
export interface UpOptions {
  home?: string;
  command?: readonly string[];
  variables?: NodeJS.ProcessEnv;
  readyWithinMs?: number;
}

/** A fresh home folder for `startUp`. */
export function newHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'airworthy-home-'));
}

/** Removes a home in which no `up` runs, with what a killed one has left running. */
export async function removeHome(home: string): Promise<void> {
  const runFolder = join(home, 'run');
  if (existsSync(runFolder)) await reclaimOrphans(runFolder, () => undefined);
  await rm(home, { recursive: true, force: true });
}

/** Starts `up` and waits until it is ready; throws with its output when it ends instead. */
export async function startUp(options: UpOptions = {}): Promise<StartedUp> {
  const { command = [inCheckout('scripts', 'run.mjs'), 'up'], readyWithinMs = 60_000 } = options;
  const home = options.home ?? (await newHome());
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...freePorts, AIRWORTHY_HOME: home, ...options.variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pid = child.pid ?? 0;
  const until = Date.now() + readyWithinMs;
  while (runningSystem(home)?.pid !== pid) {
    if (child.exitCode !== null) throw new Error(`up ended with exit code ${child.exitCode}:\n${output}`);
    if (Date.now() > until) {
      child.kill('SIGTERM');
      throw new Error(`up was not ready after ${readyWithinMs} ms:\n${output}`);
    }
    await sleep(50);
  }
  const addresses = runningSystem(home)?.addresses;
  if (addresses === undefined) throw new Error(`up was ready and ended at once:\n${output}`);
  return {
    home,
    pid,
    addresses,
    output: () => output,
    childPid: async (name) => {
      const record = await readFile(join(home, 'run', `${name}.process.json`), 'utf8');
      return (JSON.parse(record) as { pid: number }).pid;
    },
    stop: () => {
      child.kill('SIGINT');
      return exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

const freePorts = {
  AIRWORTHY_API_PORT: '0',
  AIRWORTHY_DATABASE_PORT: '0',
  AIRWORTHY_SERVICES_PORT: '0',
  AIRWORTHY_TEMPORAL_PORT: '0',
  AIRWORTHY_TEMPORAL_UI_PORT: '0',
};
