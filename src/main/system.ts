import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileLocked, lockForWriting, type WriterLock } from '../adapters/writer-lock.js';
import { OperatorError } from './operator-error.js';
import { type Run, type StartOptions, startChildren } from './start-children.js';
import { type Addresses, publishAddresses, runFolderOf, withdrawAddresses } from './supervisor/addresses.js';
import { reclaimOrphans } from './supervisor/orphans.js';
import { type SupervisedChild, supervise } from './supervisor/supervised-child.js';

/** What a system is started with; `modules` replaces the programs that `up` ships, for tests. */
export type SystemOptions = Omit<StartOptions, 'run' | 'signal'>;

/** Database, Temporal, demo services, worker and API as children of this process. */
export interface System {
  /** Starts everything; resolves when all is ready. Throws OperatorError; what had started is stopped again. */
  start(): Promise<Addresses>;
  /** Stops API, worker and services, then Temporal and database, within about ten seconds. Works during start too. */
  stop(): Promise<void>;
  /** Ends all children at once. */
  kill(): void;
}

/** A system in `environment.home`, not started yet. One home runs one system at a time. */
export function createSystem(options: SystemOptions): System {
  const { home } = options.environment;
  const places = { runFolder: runFolderOf(home), logFolder: join(home, 'logs') };
  const children: SupervisedChild[] = [];
  const stopping = new AbortController();
  let lock: WriterLock | undefined;
  let stopped: Promise<void> | undefined;

  const run: Run = async (program) => {
    stopping.signal.throwIfAborted();
    const child = supervise(program, places, options.say);
    children.push(child);
    return child.start();
  };

  async function start(): Promise<Addresses> {
    await mkdir(places.runFolder, { recursive: true });
    lock = await lockHome(places.runFolder);
    await reclaimOrphans(places.runFolder, options.say);
    const addresses = await startChildren({ ...options, run, signal: stopping.signal });
    await publishAddresses(home, addresses);
    return addresses;
  }

  async function stopOnce(): Promise<void> {
    stopping.abort(new OperatorError('Stopped before everything had started.'));
    withdrawAddresses(home);
    for (const child of children.toReversed()) await child.stop();
    await lock?.release();
  }

  function stop(): Promise<void> {
    stopped ??= stopOnce();
    return stopped;
  }

  return {
    start: () =>
      start().catch(async (error) => {
        const interrupted = stopping.signal.aborted;
        await stop();
        throw interrupted ? stopping.signal.reason : error;
      }),
    stop,
    kill: () => {
      for (const child of children) child.kill();
    },
  };
}

async function lockHome(runFolder: string): Promise<WriterLock> {
  try {
    return await lockForWriting(join(runFolder, 'up'));
  } catch (error) {
    if (!(error instanceof FileLocked)) throw error;
    throw new OperatorError(
      `Another \`up\` is starting or stopping in ${runFolder} (${error.message}). Wait for it, or set AIRWORTHY_HOME.`,
    );
  }
}
