import { lstat, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completePackage } from '../../../src/main/servers/postgres-package.js';
import { findPostgres } from '../../../src/main/servers/postgres-program.js';

let folder: string;
let debian: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airworthy-binaries-'));
  debian = join(folder, 'debian');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(path: string, script: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A folder with the programs of a PostgreSQL that says it is of this version. */
async function postgresIn(path: string, version: string): Promise<string> {
  await program(join(path, 'postgres'), `echo 'postgres (PostgreSQL) ${version} (Toy)'`);
  await program(join(path, 'initdb'), 'exit 0');
  return path;
}

describe('the search for a PostgreSQL', () => {
  it('begins with the npm package, which works as it was installed', async () => {
    const found = await findPostgres({ variables: { PATH: '' }, debian });
    expect(found).toMatchObject({ version: '18.4', major: 18, origin: 'of the npm package' });
  });

  it('asks pg_config on the PATH', async () => {
    const binaries = await postgresIn(join(folder, 'elsewhere'), '16.3');
    await program(join(folder, 'bin', 'pg_config'), `echo ${binaries}`);
    const variables = { PATH: join(folder, 'bin') };
    expect(await findPostgres({ from: 'machine', variables, debian })).toEqual({
      binaries,
      version: '16.3',
      major: 16,
      origin: '`pg_config` on the PATH',
    });
  });

  it('looks for the server itself on the PATH', async () => {
    const PATH = await postgresIn(join(folder, 'bin'), '15.0');
    const found = await findPostgres({ from: 'machine', variables: { PATH }, debian });
    expect(found).toMatchObject({ binaries: PATH, origin: '`postgres` on the PATH' });
  });

  it("takes the newest of Debian's, and passes over what does not run or is not a server", async () => {
    for (const version of ['9', '15', '17']) await postgresIn(join(debian, version, 'bin'), `${version}.1`);
    await program(join(debian, '19', 'bin', 'postgres'), 'exit 1');
    await program(join(debian, '19', 'bin', 'initdb'), 'exit 0');
    await program(join(debian, '18', 'bin', 'psql'), 'exit 0');
    const found = await findPostgres({ from: 'machine', variables: { PATH: '' }, debian });
    expect(found).toMatchObject({ binaries: join(debian, '17', 'bin'), origin: "the machine's package" });
  });

  it('finds the version that a data folder is of, wherever it is', async () => {
    const binaries = await postgresIn(join(debian, '15', 'bin'), '15.18');
    expect(await findPostgres({ variables: { PATH: '' }, debian, major: 15 })).toMatchObject({ binaries });
  });

  it.each([
    [{ from: 'machine' } as const, /^No PostgreSQL 15 or newer is installed on this machine\. Install it/],
    [{ major: 17 }, /^No PostgreSQL 17 is at hand, only 18\.4 \(of the npm package\)\. .*postgresql-17\)/],
    [{ from: 'embedded', major: 15 } as const, /^No PostgreSQL 15 is in the npm package, only 18\.4/],
  ])('says what to do when there is none: %o', async (search, sentence) => {
    const finding = findPostgres({ variables: { PATH: '' }, debian, ...search });
    await expect(finding).rejects.toThrow(sentence);
    await expect(finding).rejects.toThrow(/or set DATABASE_URL to a running one\.$/);
  });

  it('passes over one that is too old, and says so', async () => {
    const PATH = await postgresIn(join(folder, 'bin'), '14.9');
    await expect(findPostgres({ from: 'machine', variables: { PATH }, debian })).rejects.toThrow(
      /15 or newer is installed on this machine, only 14\.9 \(`postgres` on the PATH\)/,
    );
  });
});

it('completes a package with its links, as often as it is asked to', async () => {
  await mkdir(join(folder, 'native', 'lib'), { recursive: true });
  await writeFile(join(folder, 'native', 'lib', 'libtoy.so.1.2'), '');
  const links = ['so', 'so.1'].map((end) => ({
    source: 'native/lib/libtoy.so.1.2',
    target: `native/lib/libtoy.${end}`,
  }));
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  await Promise.all([completePackage(folder), completePackage(folder)]);
  await completePackage(folder);
  expect(await readlink(join(folder, 'native', 'lib', 'libtoy.so.1'))).toBe('libtoy.so.1.2');
  expect((await lstat(join(folder, 'native', 'lib', 'libtoy.so'))).isSymbolicLink()).toBe(true);
});
