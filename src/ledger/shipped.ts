import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of something of src/ledger that nothing compiles, from wherever this file is compiled to. */
export function shipped(name: string, from = dirname(fileURLToPath(import.meta.url))): string {
  const path = join(from, 'src', 'ledger', name);
  if (existsSync(path)) return path;
  if (dirname(from) === from) throw new Error(`this is no checkout: src/ledger/${name} is missing`);
  return shipped(name, dirname(from));
}
