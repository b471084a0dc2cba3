/** One server process of a test: in a temporary folder, on a free port of loopback, ended by its process id. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePorts } from '../../../src/main/supervisor/ports.js';
import { type Program, startChild } from '../../../src/main/supervisor/running-child.js';
import { PORTS_MAY_BE_TAKEN, startAgain } from '../../../src/main/supervisor/start-again.js';

/** A server that runs. */
export interface Started {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** The file of what it printed. */
  readonly log: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** How a server is run on a port and in an empty folder; `healthy` is the path that answers 2xx once it is usable. */
export interface Recipe {
  readonly name: string;
  readonly healthy: string;
  command(
    port: number,
    folder: string,
  ): Promise<{ program: string; args: readonly string[]; variables?: NodeJS.ProcessEnv }>;
}

const READY_WITHIN_MS = 60_000;

/** Starts a server and resolves when it can be used; throws with the end of its log. */
export async function startServer(recipe: Recipe): Promise<Started> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  return startAgain(recipe.name, PORTS_MAY_BE_TAKEN, say, () => startOne(recipe));
}

async function startOne({ name, healthy, command }: Recipe): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), `airworthy-${name}-`));
  const { port } = await choosePorts({ port: { port: 0, purpose: name, variable: '' } });
  const url = `http://127.0.0.1:${port}`;
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { program, args, variables } = await command(port, folder);
    const child = startChild(
      {
        name,
        command: program,
        args,
        variables: { ...process.env, ...variables },
        ready: (signal) => answered(`${url}${healthy}`, signal),
        readyWithinMs: READY_WITHIN_MS,
        stopWithinMs: 5_000,
      } satisfies Program,
      { runFolder: folder, logFolder: folder },
    );
    // A test that ran out of time stops nothing.
    process.once('exit', child.kill);
    const stop = async () => {
      process.off('exit', child.kill);
      await child.stop();
      await remove();
    };
    await child.ready.catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url, pid: child.pid, log: child.log, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function answered(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ok = await fetch(url, { signal }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(50);
  }
}
