/** Which root keys a lifecycle believes, and how it is told of others while it runs. */
import { z } from 'zod';
import { canonicalForm } from '../../domain/digest.js';
import { isSignedBy, keyIdOf, signed } from './dsse.js';

/** What a lifecycle believes: under `dev` every message, else what is proven by a key that one of its roots certified. */
export type Trust = 'dev' | PinnedRoots;

export interface PinnedRoots {
  /** Public root keys, 32 bytes in hex; more than one while they overlap. */
  readonly roots: readonly string[];
  /** Of the set of roots taken over last; 0: those of the start. */
  readonly serial: number;
}

/** A set of root keys that replaces another, signed by a root key of the set before. */
export interface RootSet extends PinnedRoots {
  /** Id of the root key that signed it. */
  readonly by: string;
  readonly signature: string;
}

const roots = z.array(signed.publicKey).min(1).max(8);
const pinned = z.strictObject({ roots, serial: z.int().min(0) });
const form = z.strictObject({
  roots,
  serial: z.int().min(1),
  by: signed.keyId,
  signature: signed.signature,
}) satisfies z.ZodType<RootSet>;

/** Whether a lifecycle can be carried with this trust. */
export function isTrust(trust: unknown): trust is Trust {
  return trust === 'dev' || pinned.safeParse(trust).success;
}

/** The set of roots in a message or a file; undefined where it is none. */
export function parseRootSet(message: unknown): RootSet | undefined {
  return form.safeParse(message).data;
}

/** What the old root key signs: the body, RFC 8785. */
export function rootSetBody({ roots: keys, serial }: PinnedRoots): string {
  return canonicalForm({ roots: keys, serial });
}

/** Whether a set is signed by one of these root keys. */
export function isSignedByRoot({ by, signature, ...set }: RootSet, believed: readonly string[]): boolean {
  const signer = believed.find((root) => keyIdOf(root) === by);
  return signer !== undefined && isSignedBy(signer, signature, 'roots', rootSetBody(set));
}

/** Whether a running lifecycle takes a set over: newer than its own, and signed by a root that it believes. */
export function succeeds(set: RootSet, current: PinnedRoots): boolean {
  return set.serial > current.serial && isSignedByRoot(set, current.roots);
}
