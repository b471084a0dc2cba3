import { z } from 'zod';
import { canonicalForm } from '../../domain/digest.js';
import type { Instant } from '../../domain/vocabulary.js';
import { signed } from './dsse.js';

/** Says that a root key lets another key sign commands for a while. */
export interface Certificate {
  /** The public key that it is about, 32 bytes in hex. */
  readonly key: string;
  readonly notBefore: Instant;
  /** First instant at which it holds no longer. */
  readonly notAfter: Instant;
  /** Id of the root key that signed it. */
  readonly root: string;
  readonly signature: string;
}

const form = z.strictObject({
  key: signed.publicKey,
  notBefore: signed.instant,
  notAfter: signed.instant,
  root: signed.keyId,
  signature: signed.signature,
}) satisfies z.ZodType<Certificate>;

/** The form of a certificate, for what carries one. */
export const certificateForm: () => z.ZodType<Certificate> = () => form;

/** What a root key signs of a certificate: the body, RFC 8785. */
export function certificateBody({ key, notBefore, notAfter, root }: Omit<Certificate, 'signature'>): string {
  return canonicalForm({ key, notBefore, notAfter, root });
}
