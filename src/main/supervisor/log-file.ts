import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ROTATE_AT_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 2_000;

/** Opens a log for appending; a large one is first set aside as `<file>.1`. The caller closes the descriptor. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if (sizeOf(file) > ROTATE_AT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** How many bytes a log has; 0 when there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines that were written after byte `from`. */
export function tailOf(file: string, from: number): string {
  const size = sizeOf(file);
  const start = Math.max(from, size - TAIL_BYTES, 0);
  const buffer = Buffer.alloc(Math.max(size - start, 0));
  if (buffer.length === 0) return '';
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, start);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString('utf8').trim();
}
