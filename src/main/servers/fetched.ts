import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../adapters/system-error.js';
import type { Variables } from '../environment.js';
import type { Say } from './command.js';
import { isExecutable } from './program-path.js';

/** A server program that was found, and in words where it came from. */
export interface ServerProgram {
  path: string;
  origin: string;
}

/** One way to obtain a server: its folder in the cache, the program's name there, and the words for it. */
export interface Source {
  folder: string;
  program: string;
  words: string;
}

/** What a search for a server needs: where to look, whom to tell, and when to give up. */
export interface Search {
  variables: Variables;
  say: Say;
  signal?: AbortSignal;
}

/** The program a source put into the cache earlier, if it did. */
export async function fetchedBefore(cache: string, source: Source): Promise<ServerProgram | undefined> {
  const path = join(cache, source.folder, source.program);
  return (await isExecutable(path)) ? { path, origin: `fetched before: ${source.words}` } : undefined;
}

/**
 * Lets `fill` put a source's program into a fresh folder and moves that into the cache at once, so that an
 * interrupted fetch leaves nothing that looks complete.
 */
export async function fetchInto(
  cache: string,
  source: Source,
  fill: (folder: string) => Promise<void>,
): Promise<ServerProgram> {
  const partials = `.fetching-${source.folder}-`;
  const partial = join(cache, `${partials}${process.pid}`);
  const folder = join(cache, source.folder);
  await mkdir(partial, { recursive: true });
  await removeAbandoned(cache, partials);
  try {
    await fill(partial);
    await chmod(join(partial, source.program), 0o755);
    // Another process may have been faster: what it already uses is not taken away under it.
    if (await isExecutable(join(folder, source.program))) {
      return { path: join(folder, source.program), origin: source.words };
    }
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return { path: join(folder, source.program), origin: source.words };
}

/** What processes left behind that were killed half-way; one that still fetches keeps its own. */
async function removeAbandoned(cache: string, partials: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(partials) || runs(Number(name.slice(partials.length)))) continue;
    await rm(join(cache, name), { recursive: true, force: true });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
