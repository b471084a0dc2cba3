import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { identityOf } from './process-identity.js';
import { systemCode } from './system-error.js';

/**
 * The right to be the one writer of a file, held by a process and lost with it.
 *
 * The lock is the file `<name>.lock.<n>` with the highest n; its content names the holder. Taking over
 * from a dead holder means creating n + 1, which only one process can do, so two that see the same dead
 * holder cannot both win. Numbers never fall while somebody may be comparing them: releasing a lock marks
 * it as nobody's and leaves it in place.
 */
export interface WriterLock {
  /** Whether the lock is still there and ours; false after somebody replaced the folder. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/** Another living process writes the file. */
export class FileLocked extends Error {
  override readonly name = 'FileLocked';
  readonly code = 'file-locked';
}

const holderForm = z.object({ token: z.string(), pid: z.number(), identity: z.string() });
type Holder = z.infer<typeof holderForm>;
const NOBODY: Holder = { token: '', pid: 0, identity: '' };

/** Takes the lock of a file, or throws `FileLocked` naming who has it; other errors are those of node:fs. */
export async function lockForWriting(file: string): Promise<WriterLock> {
  const mine: Holder = { token: randomUUID(), pid: process.pid, identity: identityOf(process.pid) ?? '' };
  const last = await highest(file);
  if (last > 0) refuseIfAlive(file, await holderOf(file, last));
  const n = last + 1;
  await claim(file, n, mine);
  const top = await highest(file);
  if (top !== n) {
    await rm(lockPath(file, n), { force: true });
    refuseIfAlive(file, await holderOf(file, top));
    throw new FileLocked(`${file} was locked by another process at the same moment: try again`);
  }
  await removeBelow(file, n);

  return {
    held: async () => (await highest(file)) === n && (await holderOf(file, n)).token === mine.token,
    release: () => replace(lockPath(file, n), NOBODY),
  };
}

function lockPath(file: string, n: number): string {
  return `${file}.lock.${n}`;
}

async function numbers(file: string): Promise<number[]> {
  const prefix = `${basename(file)}.lock.`;
  const names = await readdir(dirname(file));
  return names.flatMap((name) => {
    const n = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    return Number.isSafeInteger(n) ? [n] : [];
  });
}

async function highest(file: string): Promise<number> {
  return Math.max(0, ...(await numbers(file)));
}

async function removeBelow(file: string, n: number): Promise<void> {
  for (const lower of await numbers(file)) if (lower < n) await rm(lockPath(file, lower), { force: true });
}

/** A link appears with its whole content, so nobody ever reads half a holder. */
async function claim(file: string, n: number, holder: Holder): Promise<void> {
  const draft = join(dirname(file), `${basename(file)}.${holder.token}.tmp`);
  try {
    await writeFile(draft, JSON.stringify(holder), { flag: 'wx' });
    await link(draft, lockPath(file, n));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    refuseIfAlive(file, await holderOf(file, n));
    throw new FileLocked(`${file} was locked by another process at the same moment: try again`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function replace(path: string, holder: Holder): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await writeFile(draft, JSON.stringify(holder), { flag: 'wx' });
  await rename(draft, path);
}

async function holderOf(file: string, n: number): Promise<Holder> {
  try {
    return holderForm.parse(JSON.parse(await readFile(lockPath(file, n), 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return NOBODY;
    throw error;
  }
}

function refuseIfAlive(file: string, holder: Holder): void {
  if (holder.identity === '' || identityOf(holder.pid) !== holder.identity) return;
  throw new FileLocked(
    `${file} is written by process ${holder.pid}: stop that one first, a file has one writer`,
  );
}
