import { randomBytes } from 'node:crypto';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MasterKeyUnusable, masterKeyFile, masterKeyOf } from '../../src/adapters/master-key.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const place = async () => join(await temporaryFolder(), 'keys', 'master.key');

describe('the master key', () => {
  it('of a text is 32 bytes in base64', () => {
    const key = randomBytes(32);
    expect(masterKeyOf(`${key.toString('base64')}\n`, 'AIRWORTHY_MASTER_KEY')).toEqual(key);
    for (const text of ['', 'short', randomBytes(31).toString('base64'), `${key.toString('base64')}!`]) {
      expect(() => masterKeyOf(text, 'AIRWORTHY_MASTER_KEY')).toThrow(/AIRWORTHY_MASTER_KEY is not 32 bytes/);
    }
  });

  it('of a file is made once, for its owner only, however many ask at once', async () => {
    const path = await place();
    const keys = await Promise.all(Array.from({ length: 10 }, () => masterKeyFile(path)));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await masterKeyFile(path)).toEqual(keys[0]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['master.key']);
  });

  it('is refused where others may read it, or it is none; it is never replaced', async () => {
    const path = await place();
    await masterKeyFile(path);
    await chmod(path, 0o640);
    await expect(masterKeyFile(path)).rejects.toThrow(/chmod 600/);
    await chmod(path, 0o600);
    await writeFile(path, 'no key');
    await expect(masterKeyFile(path)).rejects.toThrow(MasterKeyUnusable);
  });
});
