import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCheckout } from '../src/main/checkout.js';
import type { DatabaseUrls } from '../test/support/postgres.js';
import { PEOPLE } from './ours/start.js';

/** A process under measurement: how long it took to say that it is ready, and what it said. */
export interface Measured {
  readonly child: ChildProcess;
  readonly readyMs: number;
  readonly message: { readonly ready: boolean; readonly port?: number };
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts a compiled module as a process of its own and waits for its `{ready: true}`. */
export async function startProcess(module: string, variables: NodeJS.ProcessEnv): Promise<Measured> {
  const begun = performance.now();
  const child = fork(module, [], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${module} ended before it was ready`))),
  ])) as [Measured['message']];
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const readyMs = performance.now() - begun;
  return { child, readyMs, message, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** The shipped programs' settings for one server, one database and a folder of their own. */
export async function withSettings<R>(
  address: string,
  database: DatabaseUrls,
  run: (variables: NodeJS.ProcessEnv) => Promise<R>,
): Promise<R> {
  const home = await mkdtemp(join(tmpdir(), 'airworthy-bench-'));
  try {
    return await run({
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: database.ownerUrl,
      AIRWORTHY_DATABASE_APP_URL: database.appUrl,
      AIRWORTHY_HOME: home,
      AIRWORTHY_PEOPLE: PEOPLE,
      AIRWORTHY_API_PORT: '0',
      AIRWORTHY_LOG_LEVEL: 'error',
      // Nothing listens there: what is measured this way ends before any effect.
      AIRWORTHY_TARGET_URL: 'http://127.0.0.1:9/target',
      AIRWORTHY_METRICS_URL: 'http://127.0.0.1:9/metrics',
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export const PROGRAMS = {
  worker: inCheckout('dist', 'main', 'worker.js'),
  api: inCheckout('dist', 'main', 'api.js'),
  services: inCheckout('dist', 'main', 'demo-services.js'),
  emptyRoute: inCheckout('dist', 'bench', 'bench', 'floor', 'empty-route-process.js'),
  floorWorker: inCheckout('dist', 'bench', 'bench', 'floor', 'worker-process.js'),
} as const;
