/** A proof as standard tools read it: DSSE envelopes, of the statement and of the certificate behind it. */
import { z } from 'zod';
import type { DsseEnvelope } from '../../contracts/decisions.js';
import { type Certificate, certificateBody, certificateForm } from '../../contracts/proof/certificate.js';
import { keyIdOf, SIGNED_TYPES, type SignedType, signed } from '../../contracts/proof/dsse.js';
import type { Proven } from '../../contracts/proof/proof.js';
import { canonicalForm } from '../../domain/digest.js';

const provenForm = z.object({
  statement: z.looseObject({ predicate: z.looseObject({ actor: z.looseObject({}) }) }),
  certificate: certificateForm(),
  signature: signed.signature,
});

function envelope(type: SignedType, body: string, key: string, signature: string): DsseEnvelope {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    payloadType: SIGNED_TYPES[type],
    payload: base64(Buffer.from(body)),
    signatures: [{ keyid: key, sig: base64(Buffer.from(signature, 'hex')) }],
  };
}

/** The statement under its signature: its key's id is the first 16 hex digits of the SHA-256 of the public key. */
export function statementEnvelope({ statement, certificate, signature }: Proven): DsseEnvelope {
  return envelope('statement', canonicalForm(statement), keyIdOf(certificate.key), signature);
}

/** The certificate under the root key's signature. */
export function certificateEnvelope(certificate: Certificate): DsseEnvelope {
  return envelope('certificate', certificateBody(certificate), certificate.root, certificate.signature);
}

/** The proof that a ledger's entry keeps; undefined where it keeps none. */
export function provenOfEntry(data: unknown): Proven | undefined {
  const proof = typeof data === 'object' && data !== null && 'proof' in data ? data.proof : undefined;
  return provenForm.safeParse(proof).data as Proven | undefined;
}
