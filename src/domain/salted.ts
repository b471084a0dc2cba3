import type { Json } from './json.js';

/**
 * What the digest of a personal document covers. The salt, 16 random bytes in base64, is as secret as the document:
 * without it nobody can find out by guessing whether a digest is that of a certain text.
 */
export type Salted = { readonly document: Json; readonly salt: string };

/** Of anything that was stored under the digest of a `Salted`; throws a TypeError where it is none. */
export function readSalted(stored: Json): Salted {
  if (typeof stored === 'object' && stored !== null && 'document' in stored && 'salt' in stored) {
    const { document, salt } = stored as { readonly document: Json; readonly salt: Json };
    if (typeof salt === 'string') return { document, salt };
  }
  throw new TypeError('this is no personal document: it has no salt');
}
