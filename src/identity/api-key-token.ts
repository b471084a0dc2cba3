import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What every key begins with, so that scanners for leaked secrets find them. */
export const API_KEY_PREFIX = 'aw_';

const FORM = /^aw_([a-z0-9]{16})_([\w-]{43})$/;
/** What a key that does not exist is compared with: its answer must not come sooner. */
const NO_HASH = Buffer.alloc(32);

/** A token of an id: 256 bits by chance, and the SHA-256 that is all we keep of them. */
export function makeToken(id: string): { readonly token: string; readonly hash: Buffer } {
  const secret = randomBytes(32).toString('base64url');
  return { token: `${API_KEY_PREFIX}${id}_${secret}`, hash: hashOf(secret) };
}

/** The parts of a token; undefined for a text of another form. */
export function readToken(token: string): { readonly id: string; readonly hash: Buffer } | undefined {
  const [, id, secret] = FORM.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, hash: hashOf(secret) };
}

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export function isSame(given: Buffer, kept: Buffer | undefined): boolean {
  return timingSafeEqual(given, kept ?? NO_HASH) && kept !== undefined;
}

// Plain SHA-256, because there is nothing to guess: what is hashed is 256 bits of chance, never a password.
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
