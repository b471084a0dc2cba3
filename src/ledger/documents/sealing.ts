/** AES-256-GCM: what personal documents, and the keys they are encrypted under, are sealed with. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

export interface Sealed {
  /** 12 random bytes. */
  readonly nonce: Buffer;
  /** Ciphertext and, in its last 16 bytes, the tag. */
  readonly body: Buffer;
}

/** Seals bytes under a key of 32 bytes; `about` is not in the result, but it opens only with the same. */
export function seal(key: Uint8Array, content: Uint8Array, about: string): Sealed {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  return { nonce, body: Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]) };
}

/** What was sealed; throws where the key, the bytes or what they are about is not the same. */
export function unseal(key: Uint8Array, { nonce, body }: Sealed, about: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
    .setAAD(Buffer.from(about))
    .setAuthTag(body.subarray(-TAG));
  return Buffer.concat([decipher.update(body.subarray(0, -TAG)), decipher.final()]);
}

/** A subject's key as it is stored: the nonce and what is sealed under the master key, in one. */
export function wrapKey(masterKey: Uint8Array, key: Uint8Array, about: string): Buffer {
  const { nonce, body } = seal(masterKey, key, about);
  return Buffer.concat([nonce, body]);
}

/** Throws where it was wrapped by another master key. */
export function unwrapKey(masterKey: Uint8Array, wrapped: Buffer, about: string): Buffer {
  return unseal(masterKey, { nonce: wrapped.subarray(0, NONCE), body: wrapped.subarray(NONCE) }, about);
}
