/** Root keys, certified keys and proofs as the API makes them, for tests of whoever believes them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Envelope } from '../../src/contracts/envelope.js';
import type { Certificate } from '../../src/contracts/proof/certificate.js';
import type { Proof } from '../../src/contracts/proof/proof.js';
import type { PinnedRoots } from '../../src/contracts/proof/roots.js';
import { type Signable, statementOf, type Term } from '../../src/contracts/proof/statement.js';
import type { CommandName } from '../../src/domain/commands/payloads.js';
import { canonicalForm } from '../../src/domain/digest.js';
import type { Signer } from '../../src/ports/signer.js';
import { certify, publicHex, signatureOf } from '../../src/signing/certify.js';

const HOUR = 3_600_000;

export const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** Somebody who has a root key, and one that it certified from an hour ago for a day. */
export class Authority {
  readonly root = newKey();
  readonly key = newKey();

  get trust(): PinnedRoots {
    return { roots: [publicHex(this.root)], serial: 0 };
  }

  certificate(now: number, key: KeyObject = this.key, root: KeyObject = this.root): Certificate {
    return certify(root, publicHex(key), now - HOUR, now + 24 * HOUR);
  }

  /** A proof of a command, as the API makes it at this instant. */
  proof(
    signable: Signable,
    now: number,
    { key = this.key, certificate = this.certificate(now, key), ...term }: Partial<Making> = {},
  ): Proof {
    const whole = { issued: now, expires: now + 300_000, policy: null, ...term };
    const signature = signatureOf(key, 'statement', canonicalForm(statementOf(signable, whole)));
    return { ...whole, certificate, signature };
  }

  /** An envelope with its proof. */
  proven<N extends CommandName>(
    lifecycle: string,
    command: N,
    envelope: Envelope<N>,
    now: number,
    making: Partial<Making> = {},
  ): Envelope<N> {
    return { ...envelope, proof: this.proof({ lifecycle, command, ...envelope }, now, making) };
  }

  /** The API's signer with these keys. */
  signer(): Signer {
    const certificate = this.certificate(Date.now());
    return {
      roots: async () => this.trust,
      knownRoots: async () => this.trust.roots,
      key: async () => ({ certificate, sign: (body) => signatureOf(this.key, 'statement', body) }),
    };
  }
}

interface Making extends Term {
  readonly key: KeyObject;
  readonly certificate: Certificate;
}
