/** What root keys do: certify a key for a while, and name the root keys that follow them. */
import { type KeyObject, sign } from 'node:crypto';
import { type Certificate, certificateBody } from '../contracts/proof/certificate.js';
import { keyIdOf, type SignedType, signedBytes } from '../contracts/proof/dsse.js';
import { type RootSet, rootSetBody } from '../contracts/proof/roots.js';
import type { Instant } from '../domain/vocabulary.js';
import { rawPublicKey } from '../ledger/verify/checkpoint.js';

/** The signature of a private Ed25519 key over a body of this type, in hex. */
export function signatureOf(key: KeyObject, type: SignedType, body: string): string {
  return sign(null, signedBytes(type, body), key).toString('hex');
}

/** The public half of an Ed25519 key, in hex. Throws where it is another kind of key. */
export function publicHex(key: KeyObject): string {
  return rawPublicKey(key).toString('hex');
}

/** Lets a key (public, in hex) sign commands from `notBefore` until just before `notAfter`. */
export function certify(root: KeyObject, key: string, notBefore: Instant, notAfter: Instant): Certificate {
  const body = { key, notBefore, notAfter, root: keyIdOf(publicHex(root)) };
  return { ...body, signature: signatureOf(root, 'certificate', certificateBody(body)) };
}

/** Names the root keys (public, in hex) that hold from now on; `serial` is above that of the set before. */
export function nameRoots(root: KeyObject, roots: readonly string[], serial: number): RootSet {
  const body = { roots, serial };
  const signature = signatureOf(root, 'roots', rootSetBody(body));
  return { ...body, by: keyIdOf(publicHex(root)), signature };
}
