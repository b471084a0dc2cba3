import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './atomic-file.js';
import { reason, systemCode } from './system-error.js';

const BYTES = 32;

/** There is no master key, or none that can be used; the message says what to do. Retrying does not help. */
export class MasterKeyUnusable extends Error {
  override readonly name = 'MasterKeyUnusable';
  readonly code = 'master-key-unusable';
}

/** The key of a text, such as an environment variable: 32 bytes in base64. Throws `MasterKeyUnusable`. */
export function masterKeyOf(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === BYTES && key.toString('base64') === text.trim()) return key;
  throw new MasterKeyUnusable(
    `${where} is not ${BYTES} bytes in base64: make them by openssl rand -base64 ${BYTES}, or restore the key that was lost`,
  );
}

/**
 * The key of a file that only its owner may read, made where there is none: of several that do so at once one wins.
 * Whoever loses the file loses all personal documents with it. Throws `MasterKeyUnusable`.
 */
export async function masterKeyFile(path: string): Promise<Buffer> {
  try {
    return await readKey(path);
  } catch (error) {
    if (error instanceof MasterKeyUnusable) throw error;
    if (systemCode(error) !== 'ENOENT') throw unusable(path, error);
  }
  try {
    await makeKey(path);
    return await readKey(path);
  } catch (error) {
    throw error instanceof MasterKeyUnusable ? error : unusable(path, error);
  }
}

async function readKey(path: string): Promise<Buffer> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new MasterKeyUnusable(`others than its owner may read the master key ${path}: say chmod 600`);
  }
  return masterKeyOf(await readFile(path, 'utf8'), path);
}

/** A link appears with its whole content, and never in the place of a key that is there. */
async function makeKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(BYTES).toString('base64')}\n`);
    await file.sync();
    await link(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

function unusable(path: string, cause: unknown): MasterKeyUnusable {
  return new MasterKeyUnusable(`the master key ${path} cannot be read or made: ${reason(cause)}`, { cause });
}
