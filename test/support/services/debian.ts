import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runLongCommand } from '../../../src/main/servers/command.js';
import type { Search } from '../../../src/main/servers/fetched.js';
import { onPath } from '../../../src/main/servers/program-path.js';

/**
 * Fetches Debian packages of this machine's release and unpacks their files into a folder, as any user: nothing is
 * installed, no script of theirs runs. Returns false where this machine has no apt or does not know them.
 */
export async function unpackDebian(
  packages: readonly string[],
  folder: string,
  search: Search,
): Promise<boolean> {
  const apt = await onPath('apt-get', search.variables);
  const dpkg = await onPath('dpkg-deb', search.variables);
  if (apt === undefined || dpkg === undefined) return false;
  // Lists of its own: the machine's may be missing, older than what the mirror still has, or locked.
  const own = join(folder, '.apt');
  await mkdir(join(own, 'lists', 'partial'), { recursive: true });
  await mkdir(join(own, 'cache', 'archives', 'partial'), { recursive: true });
  const options = [
    '-qq',
    '-o',
    `Dir::State::lists=${join(own, 'lists')}`,
    '-o',
    `Dir::Cache=${join(own, 'cache')}`,
    ...(process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []),
  ];
  const run = (doing: string, program: string, args: readonly string[]) =>
    runLongCommand({ program, args, doing, variables: { ...search.variables }, ...told(search) });
  // Its exit code says little: hooks of a machine may fail for whoever is not root. The download decides.
  await run('reading the lists of Debian packages', apt, [...options, 'update']).catch(() => undefined);
  try {
    // The only way to say where `apt-get download` writes is to be there.
    const script = 'cd "$1" && shift && exec "$@"';
    await run(`fetching the Debian packages ${packages.join(', ')}`, '/bin/sh', [
      '-c',
      script,
      'sh',
      own,
      apt,
      ...options,
      'download',
      ...packages,
    ]);
  } catch (error) {
    search.signal?.throwIfAborted();
    search.say(`  ${(error as Error).message.trim()}`);
    return false;
  }
  for (const file of (await readdir(own)).filter((name) => name.endsWith('.deb'))) {
    await run(`unpacking ${file}`, dpkg, ['-x', join(own, file), folder]);
  }
  await rm(own, { recursive: true, force: true });
  return true;
}

function told({ say, signal }: Search): Pick<Search, 'say'> & { signal?: AbortSignal | undefined } {
  return { say, signal };
}
