import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keyIdOf } from '../contracts/proof/dsse.js';
import { keysOfFolder } from '../ledger/anchors/private-keys.js';
import { certify, publicHex } from '../signing/certify.js';
import { certificateBlock } from '../signing/sources.js';
import type { Environment } from './environment.js';
import { commandFolder, rootFile, rootsSource } from './signing-settings.js';

const DAY_MS = 86_400_000;

/**
 * Keys of a system that is all on this machine, made at its first start in its home: a root that certifies one key and
 * is then forgotten. Does nothing where the settings name keys, or any are there.
 */
export async function makeDevelopmentKeys({ signing, home }: Environment): Promise<void> {
  const named = Object.values(signing).some((value) => value !== undefined);
  if (named || (await rootsSource(signing, home)()) !== '') return;
  const { privateKey: root } = generateKeyPairSync('ed25519');
  const key = await keysOfFolder(commandFolder(home)).make?.();
  if (key === undefined) return;
  const now = Date.now();
  const certificate = certify(root, publicHex(key), now - DAY_MS, now + 365 * DAY_MS);
  const path = join(commandFolder(home), `${keyIdOf(publicHex(key))}.cert`);
  await writeFile(path, `${certificateBlock(certificate)}\n`);
  await mkdir(dirname(rootFile(home)), { recursive: true, mode: 0o700 });
  // Last: where there are roots, everything is there.
  const pem = createPublicKey(root).export({ type: 'spki', format: 'pem' });
  await writeFile(rootFile(home), pem);
}
