/** What somebody who verifies brings along: keys that they trust, and checkpoints that a witness holds. */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { checkpointForm, signaturesForm } from '../bundle/format.js';
import { rawPublicKey, type SignedCheckpoint } from './checkpoint.js';

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

const witnessedForm: z.ZodType<SignedCheckpoint> = z.object({
  checkpoint: checkpointForm,
  signatures: signaturesForm,
});

/** Ed25519 public keys of a text with PEM blocks, anything between them aside. Throws where there is none, or another. */
export function readPublicKeys(text: string): readonly Uint8Array[] {
  const blocks = text.match(PEM) ?? [];
  if (blocks.length === 0) throw new TypeError('there is no PEM block of a public key');
  return blocks.map((block) => rawPublicKey(createPublicKey(block)));
}

/** Signed checkpoints, a JSON line each, as a witness keeps them. Throws where a line is something else. */
export function readWitnessed(text: string): readonly SignedCheckpoint[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => witnessedForm.parse(JSON.parse(line)));
}
