import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { identityOf } from '../../src/adapters/process-identity.js';
import { FileLocked, lockForWriting } from '../../src/adapters/writer-lock.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const beforeClaim = vi.hoisted(() => ({ run: async (): Promise<void> => undefined }));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const link: typeof fs.link = async (from, to) => {
    await beforeClaim.run();
    return fs.link(from, to);
  };
  return { ...fs, link };
});

it('a late claim loses, although its own number is free again', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'journal');
  const holder = (identity: string) => JSON.stringify({ token: 'other', pid: process.pid, identity });
  await writeFile(`${file}.lock.5`, holder('long ago'));
  // While this one looks at number 5, number 6 is taken and released, and 7 taken by somebody who lives.
  beforeClaim.run = async () => {
    await rm(`${file}.lock.5`);
    await writeFile(`${file}.lock.7`, holder(identityOf(process.pid) ?? ''));
  };
  await expect(lockForWriting(file)).rejects.toThrow(FileLocked);
  expect(await readdir(folder)).toEqual(['journal.lock.7']);
});
