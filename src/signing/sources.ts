/** Where the public halves are: root keys and certificates, as text with PEM blocks, in a file or in a folder. */
import { createPublicKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, certificateForm } from '../contracts/proof/certificate.js';
import { type PinnedRoots, parseRootSet, type RootSet } from '../contracts/proof/roots.js';
import { rawPublicKey } from '../ledger/verify/checkpoint.js';
import { SigningUnavailable } from '../ports/signer.js';

/** Reads a text anew each time; throws `SigningUnavailable` where it cannot. */
export type TextSource = () => Promise<string>;

export const textOf =
  (text: string): TextSource =>
  async () =>
    text;

/** A file; undefined stands for one that need not be there. */
export const fileOf =
  (path: string, optional = false): TextSource =>
  async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      if (optional && isMissing(cause)) return '';
      throw new SigningUnavailable(`${path} cannot be read`, { cause });
    }
  };

/** All files of a folder with this ending, one after the other; none where there is no such folder. */
export const folderOf =
  (folder: string, ending: string): TextSource =>
  async () => {
    const names = await readdir(folder).catch((cause: unknown) => {
      if (isMissing(cause)) return [];
      throw new SigningUnavailable(`${folder} cannot be read`, { cause });
    });
    const paths = names.filter((name) => name.endsWith(ending)).sort();
    const texts = await Promise.all(paths.map((name) => fileOf(join(folder, name))()));
    return texts.join('\n');
  };

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

const BLOCK = /-----BEGIN ([A-Z ]+)-----([^-]+)-----END \1-----/g;
const CERTIFICATE = 'AIRWORTHY CERTIFICATE';
const ROOT_SET = 'AIRWORTHY ROOT SET';

function blocksOf(text: string, label: string): { readonly whole: string; readonly inside: string }[] {
  // Some ways to set a variable keep a line break as two characters.
  return [...text.replaceAll('\\n', '\n').matchAll(BLOCK)]
    .filter(([, name]) => name === label)
    .map(([whole, , inside = '']) => ({ whole, inside }));
}

function block(label: string, value: object): string {
  const lines =
    Buffer.from(JSON.stringify(value))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

function valueIn(inside: string): unknown {
  try {
    return JSON.parse(Buffer.from(inside, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A certificate as a text block, to be put where the API reads certificates. */
export const certificateBlock = (certificate: Certificate): string => block(CERTIFICATE, certificate);

/** A set of root keys as a text block, to be put behind the root keys. */
export const rootSetBlock = (set: RootSet): string => block(ROOT_SET, set);

/** Every certificate in a text. Throws `SigningUnavailable` for a block that is none. */
export function certificatesIn(text: string): Certificate[] {
  return blocksOf(text, CERTIFICATE).map(({ inside }) => {
    const certificate = certificateForm().safeParse(valueIn(inside)).data;
    if (certificate !== undefined) return certificate;
    throw new SigningUnavailable('a certificate cannot be read: make it anew by airworthy keys certify');
  });
}

/** Every set of root keys in a text, the newest last. Throws `SigningUnavailable` for a block that is none. */
export function rootSetsIn(text: string): RootSet[] {
  const sets = blocksOf(text, ROOT_SET).map(({ inside }) => {
    const set = parseRootSet(valueIn(inside));
    if (set !== undefined) return set;
    throw new SigningUnavailable(
      'a set of root keys cannot be read: make it anew by airworthy keys new-roots',
    );
  });
  return sets.sort((one, other) => one.serial - other.serial);
}

/** The public Ed25519 keys in a text, in hex. Throws `SigningUnavailable` for a key of another kind. */
export function publicKeysIn(text: string): string[] {
  return blocksOf(text, 'PUBLIC KEY').map(({ whole }) => {
    try {
      return rawPublicKey(createPublicKey(whole)).toString('hex');
    } catch (cause) {
      throw new SigningUnavailable('a PUBLIC KEY block is no Ed25519 public key', { cause });
    }
  });
}

/** The root keys in a text: those of the newest set, where there is one. Throws `SigningUnavailable` for none. */
export function pinnedRootsIn(text: string): PinnedRoots {
  const newest = rootSetsIn(text).at(-1);
  if (newest !== undefined) return { roots: newest.roots, serial: newest.serial };
  const roots = publicKeysIn(text);
  if (roots.length > 0) return { roots, serial: 0 };
  throw new SigningUnavailable(
    'there is no root key to believe: make one by airworthy keys make-root and name its public half in AIRWORTHY_ROOT_KEYS or its file',
  );
}

/** Every root key that a text names, alone or in a set. Throws like `pinnedRootsIn`. */
export function knownRootsIn(text: string): readonly string[] {
  return [...new Set([...publicKeysIn(text), ...rootSetsIn(text).flatMap(({ roots }) => roots)])];
}
