import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileLocked, lockForWriting } from '../../src/adapters/writer-lock.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

async function lockFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

describe('the lock of a file', () => {
  it('goes to one of many that ask at once', async () => {
    const file = join(await temporaryFolder(), 'journal');
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockForWriting(file)));
    const won = attempts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(won).toHaveLength(1);
    expect(await won[0]?.held()).toBe(true);
    for (const one of attempts) {
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(FileLocked);
    }
  });

  it('goes to one of many that see the same dead holder', async () => {
    for (let round = 0; round < 20; round++) {
      const folder = await temporaryFolder();
      const file = join(folder, 'journal');
      await writeFile(
        `${file}.lock.7`,
        JSON.stringify({ token: 't', pid: process.pid, identity: 'long ago' }),
      );
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockForWriting(file)));
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await lockFiles(folder)).toEqual(['journal.lock.8']);
    }
  });

  it('names the living holder', async () => {
    const file = join(await temporaryFolder(), 'journal');
    const lock = await lockForWriting(file);
    await expect(lockForWriting(file)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
    expect(await lock.held()).toBe(false);
    const next = await lockForWriting(file);
    expect(await next.held()).toBe(true);
    expect(await lock.held()).toBe(false);
  });

  it('keeps its number when released, so that one who compares late cannot win', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'journal');
    for (let n = 1; n <= 3; n++) {
      const lock = await lockForWriting(file);
      expect(await lockFiles(folder)).toEqual([`journal.lock.${n}`]);
      await lock.release();
    }
    expect(JSON.parse(await readFile(`${file}.lock.3`, 'utf8'))).toMatchObject({ pid: 0 });
  });

  it('fails as the file system does where the folder is gone', async () => {
    const file = join(await temporaryFolder(), 'gone', 'journal');
    await expect(lockForWriting(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
