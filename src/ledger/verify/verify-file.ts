import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { reason } from '../../adapters/system-error.js';
import { type Progress, type Verdict, Verifier, type VerifierOptions } from './verifier.js';

const BLOCK = 1024 * 1024;
const GZIP = Buffer.of(0x1f, 0x8b);
/** No bundle shrinks so much: what does was made to fill a disk or a day. */
const HIGHEST_RATIO = 200;
/** Below this much nothing is refused. */
const HARMLESS = 64 * 1024 * 1024;

/** Told often how far it is; who wants to hear it less often counts the time. */
export type OnProgress = (progress: Progress) => void;

/**
 * Verifies a bundle in a file, which may be compressed with gzip. Whatever the file holds, there is a verdict.
 * Throws what node:fs throws where it cannot be read.
 */
export async function verifyFile(
  path: string,
  options: VerifierOptions,
  onProgress: OnProgress = () => undefined,
): Promise<Verdict> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
    const packed = bytesRead === GZIP.length && buffer.equals(GZIP);
    const verifier = new Verifier(options);
    const broken = await feed(verifier, packed ? unpacked(file) : blocks(file), onProgress);
    return verifier.end(broken);
  } finally {
    await file.close();
  }
}

/** Why the bytes ended before their end, if they did. */
async function feed(
  verifier: Verifier,
  chunks: AsyncIterable<Buffer>,
  onProgress: OnProgress,
): Promise<string | undefined> {
  try {
    for await (const chunk of chunks) {
      verifier.write(chunk);
      onProgress(verifier.progress);
      if (verifier.done) break;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Unpackable) return error.message;
    throw error;
  }
}

class Unpackable extends Error {
  override readonly name = 'Unpackable';
}

/** Blocks in the same two pieces of memory by turns: the next is read while this one is used. */
async function* blocks(file: FileHandle): AsyncGenerator<Buffer> {
  let [mine, other] = [Buffer.allocUnsafe(BLOCK), Buffer.allocUnsafe(BLOCK)];
  let at = 0;
  let reading = file.read(mine, 0, BLOCK, at);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      at += bytesRead;
      [mine, other] = [other, mine];
      reading = file.read(mine, 0, BLOCK, at);
      yield other.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => undefined);
  }
}

async function* unpacked(file: FileHandle): AsyncGenerator<Buffer> {
  const packed = file.createReadStream({ start: 0, highWaterMark: BLOCK, autoClose: false });
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  packed.on('error', (error) => gunzip.destroy(error));
  packed.pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > HARMLESS && bytes > gunzip.bytesWritten * HIGHEST_RATIO) {
        throw new Unpackable(
          `cut short: it unpacks to more than ${HIGHEST_RATIO} times its size, which no bundle does`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Unpackable || !isZlibError(error)) throw error;
    throw new Unpackable(`cut short: the gzip data is broken (${reason(error)})`);
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
