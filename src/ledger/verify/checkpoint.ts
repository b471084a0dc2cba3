import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { canonicalForm } from '../../domain/digest.js';

export const CHECKPOINT_FORMAT = 'airworthy-checkpoint/1';

/** Where a chain stood when it was sealed. The leaves of a checkpoint are in the order of the chains' UTF-8 bytes. */
export type Leaf = {
  readonly chain: string;
  /** Hex: hash of the entry at `position`. */
  readonly hash: string;
  /** 1 or more: an empty chain has no leaf. */
  readonly position: number;
};

/** What is sealed and signed. */
export type Checkpoint = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  /** How many leaves the tree has. */
  readonly chains: number;
  /** Sum of the leaves' positions. */
  readonly entries: number;
  readonly format: typeof CHECKPOINT_FORMAT;
  /** 1, 2, 3, … */
  readonly number: number;
  /** Hex: SHA-256 of the canonical form of the checkpoint before; null for the first. */
  readonly previous: string | null;
  /** Hex: root of the Merkle tree (RFC 6962) over the canonical forms of the leaves. */
  readonly root: string;
};

export type CheckpointSignature = {
  /** Id of the key, as `keyId` tells it. */
  readonly key: string;
  /** Base64 of the 64 bytes of an Ed25519 signature over the canonical form of the checkpoint. */
  readonly signature: string;
};

export type SignedCheckpoint = {
  readonly checkpoint: Checkpoint;
  /** At least one; more while keys overlap. */
  readonly signatures: readonly CheckpointSignature[];
};

/** What a leaf of the tree is the hash of. */
export function leafBytes({ chain, hash, position }: Leaf): string {
  return canonicalForm({ chain, hash, position });
}

/** What is signed, and what the next checkpoint's `previous` is the hash of. */
export function checkpointBytes(checkpoint: Checkpoint): string {
  return canonicalForm(checkpoint);
}

/** Hex: the `previous` of the checkpoint that comes next. */
export function checkpointHash(checkpoint: Checkpoint): string {
  return createHash('sha256').update(checkpointBytes(checkpoint)).digest('hex');
}

/** Hex: SHA-256 of the 32 bytes of an Ed25519 public key. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}

/** First 16 digits of a key's fingerprint. */
export function keyId(publicKey: Uint8Array): string {
  return fingerprintOf(publicKey).slice(0, 16);
}

/** The 32 bytes of an Ed25519 public key as node:crypto takes it. Throws where they are none. */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The 32 bytes of an Ed25519 public (or private) key's public half. Throws where it is another kind of key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const { crv, x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('this is no Ed25519 key');
  return Buffer.from(x, 'base64url');
}

/** Whether a signature is of this checkpoint and by this key (32 bytes). Never throws. */
export function verifySignature(
  checkpoint: Checkpoint,
  { signature }: CheckpointSignature,
  publicKey: Uint8Array,
): boolean {
  try {
    const bytes = Buffer.from(signature, 'base64');
    return verify(null, Buffer.from(checkpointBytes(checkpoint)), publicKeyOf(publicKey), bytes);
  } catch {
    return false;
  }
}
