import { spawn } from 'node:child_process';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inCheckout } from '../checkout.js';
import { OperatorError } from '../operator-error.js';
import { fetchInto, type Search, type ServerProgram, type Source } from './fetched.js';
import type { DownloadKind } from './sdk-download.js';

const STALLED_AFTER_MS = 15_000;

/** A server by the SDK's own download into the cache; undefined when that is not reachable from here. */
export async function fetchBySdk(
  kind: DownloadKind,
  cache: string,
  source: Source,
  search: Search,
): Promise<ServerProgram | undefined> {
  try {
    return await fetchInto(cache, source, (folder) => download(kind, folder, source.program, search.signal));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    search.say(`  not reachable from here (${error.message})`);
    return undefined;
  }
}

/** Ends the download when nothing arrived for fifteen seconds: a blocked network often answers nothing at all. */
async function download(
  kind: DownloadKind,
  folder: string,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  // Always the compiled file: this code also runs from its TypeScript source, under the tests.
  const script = inCheckout('dist', 'main', 'servers', 'sdk-download.js');
  const child = spawn(process.execPath, [script, kind, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-500);
  });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  const stall = watchForStall(folder, kill);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  stall.end();
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  const downloaded = (await readdir(folder)).find((file) => !file.endsWith('.downloading'));
  if (code !== 0 || downloaded === undefined) {
    throw new OperatorError(
      stall.found() ? 'nothing arrived' : complaint.trim().split(': ').slice(-2).join(': '),
    );
  }
  await rename(join(folder, downloaded), join(folder, name));
}

/** Calls `onStall` once nothing has been added to a folder's files for a while; `found` says whether it did. */
function watchForStall(folder: string, onStall: () => void): { found: () => boolean; end: () => void } {
  let last = { bytes: -1, at: Date.now() };
  let stalled = false;
  const look = async () => {
    const bytes = await bytesIn(folder);
    if (bytes !== last.bytes) last = { bytes, at: Date.now() };
    stalled = Date.now() - last.at > STALLED_AFTER_MS;
    if (stalled) onStall();
  };
  const timer = setInterval(() => void look(), 500);
  return { found: () => stalled, end: () => clearInterval(timer) };
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => ({ size: 0 }))));
  return sizes.reduce((total, { size }) => total + size, 0);
}
