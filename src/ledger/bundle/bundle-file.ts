import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { LedgerSource } from './source.js';
import { bundleOf } from './write-bundle.js';

/**
 * Writes a bundle to a new file, compressed or not; it is on disk when this is done.
 * Throws what `exportBundle` and node:fs throw.
 */
export async function exportToFile(
  source: LedgerSource,
  lifecycle: string | undefined,
  path: string,
  compress: boolean,
): Promise<void> {
  const bundle = bundleOf(source, { lifecycle });
  const file = createWriteStream(path, { flush: true });
  await (compress ? pipeline(bundle, createGzip(), file) : pipeline(bundle, file));
}
