import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Replaces a file so that after any crash it holds the old or the new content, never a part, and so that
 * the new content is on disk when this resolves. Creates missing folders. Throws what node:fs throws.
 * `mode` are the file's permissions, from its first moment on.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  const folder = dirname(resolve(path));
  const firstCreated = await mkdir(folder, { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // A folder that was created here is itself only a name in its parent.
  const last = firstCreated === undefined ? folder : dirname(firstCreated);
  for (let created = folder; ; created = dirname(created)) {
    await syncFolder(created);
    if (created === last) return;
  }
}

/** Makes the names in a folder durable: without it a new file can be gone after a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
