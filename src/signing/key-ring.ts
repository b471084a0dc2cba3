import type { KeyObject } from 'node:crypto';
import { type Certificate, certificateBody } from '../contracts/proof/certificate.js';
import { isSignedBy, keyIdOf } from '../contracts/proof/dsse.js';
import type { PinnedRoots } from '../contracts/proof/roots.js';
import type { Instant } from '../domain/vocabulary.js';
import { type PrivateKeys, SigningKeyUnusable } from '../ledger/anchors/private-keys.js';
import { type Signer, SigningUnavailable } from '../ports/signer.js';
import { publicHex, signatureOf } from './certify.js';
import { certificatesIn, knownRootsIn, pinnedRootsIn, type TextSource } from './sources.js';

/** Where the keys are; all of it is read anew now and then, so that a rotation needs no restart. */
export interface KeySources {
  readonly keys: PrivateKeys;
  readonly certificates: TextSource;
  readonly roots: TextSource;
}

/** Long enough to spare every command the reading, short enough for a rotation. */
const KEPT_MS = 5_000;

interface Ring {
  readonly roots: PinnedRoots;
  readonly known: readonly string[];
  readonly pairs: readonly { readonly key: KeyObject; readonly certificate: Certificate }[];
}

/** Signs with whichever key is certified longest from now. */
export function createKeyRing(sources: KeySources, now: () => number = Date.now): Signer {
  let kept: { readonly until: number; readonly ring: Promise<Ring> } | undefined;
  const ring = (): Promise<Ring> => {
    if (kept !== undefined && now() < kept.until) return kept.ring;
    const fresh = { until: now() + KEPT_MS, ring: readRing(sources) };
    // One that failed is not kept: the next command looks again.
    fresh.ring.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    kept = fresh;
    return fresh.ring;
  };
  return {
    roots: async () => (await ring()).roots,
    knownRoots: async () => (await ring()).known,
    async key(at) {
      const { certificate, key } = certifiedAt(await ring(), at);
      return { certificate, sign: (statement) => signatureOf(key, 'statement', statement) };
    },
  };
}

async function readRing({ keys, certificates, roots }: KeySources): Promise<Ring> {
  const [all, written, rootText] = await Promise.all([privateKeysIn(keys), certificates(), roots()]);
  const pinned = pinnedRootsIn(rootText);
  const byPublic = new Map(all.map((key) => [publicHex(key), key]));
  const pairs = certificatesIn(written).flatMap((certificate) => {
    const key = byPublic.get(certificate.key);
    return key !== undefined && isCertified(certificate, pinned) ? [{ key, certificate }] : [];
  });
  return { roots: pinned, known: knownRootsIn(rootText), pairs };
}

async function privateKeysIn(keys: PrivateKeys): Promise<readonly KeyObject[]> {
  try {
    return await keys.all();
  } catch (cause) {
    if (cause instanceof SigningKeyUnusable) throw new SigningUnavailable(cause.message, { cause });
    throw cause;
  }
}

/** A certificate that lifecycles would not believe must not be signed under. */
function isCertified(certificate: Certificate, { roots }: PinnedRoots): boolean {
  const root = roots.find((key) => keyIdOf(key) === certificate.root);
  return (
    root !== undefined && isSignedBy(root, certificate.signature, 'certificate', certificateBody(certificate))
  );
}

function certifiedAt({ pairs }: Ring, at: Instant): Ring['pairs'][number] {
  const [longest] = pairs
    .filter(({ certificate: { notBefore, notAfter } }) => notBefore <= at && at < notAfter)
    .sort((one, other) => other.certificate.notAfter - one.certificate.notAfter);
  if (longest !== undefined) return longest;
  throw new SigningUnavailable(
    'no key that signs commands is certified for now: have its public half certified by airworthy keys certify',
  );
}
