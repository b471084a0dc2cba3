/** A verifier of DSSE envelopes that is not ours: securesystemslib, fetched once from the Python package index. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inCheckout } from '../../src/main/checkout.js';
import { cacheFolder } from '../../src/main/environment.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const VERSION = '1.6.0';
const VERIFIER = inCheckout('test', 'api', 'dsse_verifier.py');
const run = promisify(execFile);

async function library(): Promise<string> {
  const folder = join(cacheFolder(), `securesystemslib-${VERSION}`);
  if (existsSync(join(folder, 'securesystemslib', 'dsse.py'))) return folder;
  const wanted = ['--no-deps', '--target', folder, `securesystemslib==${VERSION}`];
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted]);
  return folder;
}

/** The payload that this key (32 bytes in hex) signed; undefined where the envelope does not verify. */
export async function checkedByOthers(envelope: object, keyid: string, publicKey: string): Promise<unknown> {
  const file = join(await temporaryFolder(), 'envelope.json');
  await writeFile(file, JSON.stringify(envelope));
  return run('python3', [VERIFIER, await library(), keyid, publicKey, file]).then(
    ({ stdout }) => JSON.parse(stdout),
    (error: { code: number; stdout: string; stderr: string }) => {
      if (error.code === 3) return undefined;
      throw new Error(`the verifier could not run: ${error.stderr || error.stdout}`);
    },
  );
}
