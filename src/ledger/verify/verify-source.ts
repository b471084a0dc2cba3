import type { LedgerSource } from '../bundle/source.js';
import { bundleOf } from '../bundle/write-bundle.js';
import { type Verdict, Verifier, type VerifierOptions } from './verifier.js';
import type { OnProgress } from './verify-file.js';

/**
 * Verifies a ledger where it is, by the bundle that it would export now; lines are those of that bundle.
 * Throws what the source throws.
 */
export async function verifySource(
  source: LedgerSource,
  options: VerifierOptions,
  onProgress: OnProgress = () => undefined,
): Promise<Verdict> {
  const verifier = new Verifier(options);
  for await (const piece of bundleOf(source, {})) {
    verifier.write(Buffer.from(piece));
    onProgress(verifier.progress);
    if (verifier.done) break;
  }
  return verifier.end();
}
