import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, systemCode } from '../../adapters/system-error.js';
import { keyId, rawPublicKey } from '../verify/checkpoint.js';

/** The private halves of the keys that sign checkpoints, read anew each time: a rotation needs no restart. */
export interface PrivateKeys {
  /** All there are, Ed25519. Throws `SigningKeyUnusable`. */
  all(): Promise<readonly KeyObject[]>;
  /** Makes one more and keeps it; null where whoever runs Airworthy keeps the keys. */
  readonly make: (() => Promise<KeyObject>) | null;
}

/** There is no key to sign with, or none that can be read; the message says what to do. Retrying does not help. */
export class SigningKeyUnusable extends Error {
  override readonly name = 'SigningKeyUnusable';
  readonly code = 'signing-key-unusable';
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/** Keys of a text with one or more PEM blocks, such as an environment variable: the old and the new while they overlap. */
export function keysOfText(text: string, where: string): PrivateKeys {
  return { all: async () => parse(text, where), make: null };
}

/** Keys of one file with one or more PEM blocks. */
export function keysOfFile(path: string): PrivateKeys {
  return { all: async () => parse(await read(path), path), make: null };
}

/** Keys of the `*.pem` files of a folder, which only its owner may read; `make` adds one. */
export function keysOfFolder(folder: string): PrivateKeys {
  return {
    async all() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return [];
        throw new SigningKeyUnusable(`${folder} cannot be read: ${reason(error)}`, { cause: error });
      });
      const files = names.filter((name) => name.endsWith('.pem')).sort();
      const found: KeyObject[] = [];
      for (const path of files.map((name) => join(folder, name))) {
        await requirePrivate(path);
        found.push(...parse(await read(path), path));
      }
      return found;
    },
    async make() {
      const { privateKey } = generateKeyPairSync('ed25519');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(join(folder, `${keyId(rawPublicKey(privateKey))}.pem`), 'wx', 0o600);
      try {
        await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
        await file.sync();
      } finally {
        await file.close();
      }
      return privateKey;
    },
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SigningKeyUnusable(`the signing key ${path} cannot be read: ${reason(cause)}`, { cause });
  }
}

async function requirePrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw new SigningKeyUnusable(
    `others than its owner may read the signing key ${path}: if nobody has, say chmod 600; else rotate it`,
  );
}

function parse(text: string, where: string): readonly KeyObject[] {
  // Some ways to set a variable keep a line break as two characters.
  const blocks = text.replaceAll('\\n', '\n').match(BLOCK) ?? [];
  if (blocks.length === 0) {
    throw new SigningKeyUnusable(`${where} holds no PEM: make a key by openssl genpkey -algorithm ed25519`);
  }
  return blocks.map((block) => {
    const key = privateKey(block, where);
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new SigningKeyUnusable(`${where} holds a key of another kind than Ed25519`);
  });
}

function privateKey(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Without what the parser says, which may quote the key.
    throw new SigningKeyUnusable(`${where} holds a PEM block that is no private key in PKCS #8`);
  }
}
