import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { syncFolder } from './atomic-file.js';

const NEWLINE = 0x0a;
const BLOCK = 1 << 20;

/** A stretch of whole lines, each without its newline, with the position of its first byte in the file. */
export type OnLine = (line: string, position: number, bytes: number) => void;

/**
 * Calls `onLine` for every line that is complete, from a position up to the end of the file, and answers
 * where the last of them ends: what follows is still being written, or was torn by a crash.
 */
async function readLines(file: FileHandle, from: number, onLine: OnLine): Promise<number> {
  let complete = from;
  let pending: Buffer = Buffer.alloc(0);
  for (;;) {
    const block = Buffer.allocUnsafe(BLOCK);
    const { bytesRead } = await file.read(block, 0, BLOCK, complete + pending.length);
    if (bytesRead === 0) return complete;
    pending = Buffer.concat([pending, block.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = pending.indexOf(NEWLINE); end >= 0; end = pending.indexOf(NEWLINE, start)) {
      onLine(pending.toString('utf8', start, end), complete + start, end - start);
      start = end + 1;
    }
    complete += start;
    pending = pending.subarray(start);
  }
}

/**
 * The file of a `JsonLines` while it is open. `size` covers what is synced; after an error the object is
 * of no more use than to be abandoned.
 */
export class LineFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #size: number;

  private constructor(path: string, handle: FileHandle, size: number) {
    this.#path = path;
    this.#handle = handle;
    this.#size = size;
  }

  /** Opens or creates the file in a folder that exists, cuts off a torn tail and reports every line. */
  static async open(path: string, log: Pick<Logger, 'warn'>, onLine: OnLine): Promise<LineFile> {
    const handle = await open(path, 'a+');
    try {
      const complete = await readLines(handle, 0, onLine);
      const { size } = await handle.stat();
      if (size > complete) {
        log.warn(
          { file: path, bytes: size - complete },
          'cut off a last line that a crash had left unfinished',
        );
        await handle.truncate(complete);
      }
      // What was read counts as stored from here on, though its writer may have died before syncing it.
      await handle.sync();
      await syncFolder(dirname(path));
      return new LineFile(path, handle, complete);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Appends and syncs. A file that was moved away meanwhile is an error, not a place to write to. */
  async write(text: string): Promise<void> {
    const [ours, there] = await Promise.all([this.#handle.stat(), stat(this.#path)]);
    if (ours.ino !== there.ino || ours.dev !== there.dev)
      throw new Error(`${this.#path} is another file now`);
    await this.#handle.appendFile(text);
    await this.#handle.datasync();
    this.#size += Buffer.byteLength(text);
  }

  /** Takes back what was not synced, as far as the disk lets us, and closes. Never throws. */
  async abandon(): Promise<void> {
    await this.#handle.truncate(this.#size).catch(() => undefined);
    await this.close().catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
