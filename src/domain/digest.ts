import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Json } from './json.js';

/** "sha256:" and 64 lower-case hex digits: the SHA-256 of a value's RFC 8785 (canonical JSON) form. */
export type Digest = string;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether a text has the form of a digest; says nothing about whether anything has that digest. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/**
 * The RFC 8785 form: the bytes that a digest covers. Throws a TypeError where JSON has no such value
 * (NaN, an infinity, a lone surrogate).
 */
export function canonicalForm(value: Json): string {
  const form = canonicalize(value);
  if (form === undefined) throw new TypeError('there is no canonical form: the value is not JSON');
  return form;
}

/** Digest of a value. Pure JavaScript, because it runs in the workflow sandbox too. Throws like `canonicalForm`. */
export function digestOf(value: Json): Digest {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(canonicalForm(value))))}`;
}
