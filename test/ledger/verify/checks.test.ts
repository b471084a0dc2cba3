import { describe, expect, it } from 'vitest';
import { CHECK_NAMES } from '../../../src/ledger/verify/checks.js';
import { CORRUPTIONS, sample } from './corruptions.js';
import { bytesOf, verified } from './sample-ledger.js';

describe('the checks of the verifier', () => {
  it('find nothing in a bundle of the whole ledger, or of one lifecycle', async () => {
    for (const lifecycle of [undefined, 'kyc', 'tax']) {
      const verdict = verified(bytesOf(await sample().lines(lifecycle)), { strict: true });
      expect(verdict.findings).toEqual([]);
      expect(verdict.ok).toBe(true);
    }
  });

  it.each(CHECK_NAMES)('%s: what it finds passes when it alone is switched off', async (check) => {
    const { bytes, options } = await CORRUPTIONS[check]();
    const found = verified(bytes, options);
    expect(found.findings.map((finding) => finding.check)).toEqual([check]);
    const without = CHECK_NAMES.filter((name) => name !== check);
    expect(verified(bytes, { ...options, checks: without }).findings).toEqual([]);
  });
});
