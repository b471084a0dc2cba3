import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return findRoot(dirname(folder));
}

/** The checkout's folder, the same from src/, from dist/ and from what the benchmarks compile. */
const checkout = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of something in the checkout. */
export function inCheckout(...parts: string[]): string {
  return join(checkout, ...parts);
}
