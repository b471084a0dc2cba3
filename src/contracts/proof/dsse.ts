/**
 * What an Ed25519 signature of ours covers: the pre-authentication encoding of DSSE over an RFC 8785 form. The type
 * in front keeps a signature of one kind from passing as one of another. Pure JavaScript: workflows verify too.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';

/** What is signed, by the media type that stands in front of it. */
export const SIGNED_TYPES = {
  /** An in-toto statement about one command. */
  statement: 'application/vnd.in-toto+json',
  /** Which key signs for a while. */
  certificate: 'application/vnd.airworthy.certificate+json',
  /** Which root keys hold from now on. */
  roots: 'application/vnd.airworthy.roots+json',
} as const;
export type SignedType = keyof typeof SIGNED_TYPES;

/** Forms of what travels with a signature. Frozen, like every table of schemas that workflows load. */
export const signed = Object.freeze({
  /** 32 bytes of an Ed25519 public key, in hex. */
  publicKey: z.string().regex(/^[0-9a-f]{64}$/, { error: 'write the 32 bytes of an Ed25519 key in hex' }),
  keyId: z.string().regex(/^[0-9a-f]{16}$/, { error: 'write the 16 hex digits of a key id' }),
  /** 64 bytes, in hex. */
  signature: z.string().regex(/^[0-9a-f]{128}$/, { error: 'write the 64 bytes of a signature in hex' }),
  /** Milliseconds since 1970-01-01T00:00:00Z, in the years that dates are written for. */
  instant: z.int().min(0).max(253_402_300_799_999),
});

/** The bytes that are signed: type and body, each with its length in front. */
export function signedBytes(type: SignedType, body: string): Uint8Array {
  const name = SIGNED_TYPES[type];
  const length = utf8ToBytes(body).length;
  return utf8ToBytes(`DSSEv1 ${name.length} ${name} ${length} ${body}`);
}

/** First 16 hex digits of the SHA-256 of a public key in hex: the same as a key of the ledger has. */
export function keyIdOf(publicKey: string): string {
  return bytesToHex(sha256(hexToBytes(publicKey))).slice(0, 16);
}

/** Whether the signature is by this key over this body. About a millisecond; never throws. */
export function isSignedBy(publicKey: string, signature: string, type: SignedType, body: string): boolean {
  try {
    const bytes = signedBytes(type, body);
    return ed25519.verify(hexToBytes(signature), bytes, hexToBytes(publicKey), { zip215: false });
  } catch {
    return false;
  }
}
