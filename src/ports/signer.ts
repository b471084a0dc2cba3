import type { Certificate } from '../contracts/proof/certificate.js';
import type { PinnedRoots } from '../contracts/proof/roots.js';
import type { Instant } from '../domain/vocabulary.js';

/** A certified key, to sign with. */
interface CommandKey {
  readonly certificate: Certificate;
  /** 64 bytes in hex, over a statement's RFC 8785 form with its type in front. */
  sign(statement: string): string;
}

/** Proves that commands come from the API. Keys may change while it is used. */
export interface Signer {
  /** The root keys that a lifecycle believes which starts now. Throws `SigningUnavailable`. */
  roots(): Promise<PinnedRoots>;
  /** Every root key on file, those that hold no longer included: what was signed by them stays verifiable. */
  knownRoots(): Promise<readonly string[]>;
  /** The key that signs at an instant. Throws `SigningUnavailable`. */
  key(now: Instant): Promise<CommandKey>;
}

/** There is no certified key, or it cannot be read: nothing can be signed, so nothing would be believed. */
export class SigningUnavailable extends Error {
  override readonly name = 'SigningUnavailable';
  readonly code = 'signing-unavailable';
}
