import type { SignedCheckpoint } from '../../src/ledger/verify/checkpoint.js';

/** A checkpoint by its number; `root` tells two of the same number apart. */
export function checkpointOf(number: number, root = 'aa'): SignedCheckpoint {
  return {
    checkpoint: {
      at: 1_000 * number,
      chains: 1,
      entries: number,
      format: 'airworthy-checkpoint/1',
      number,
      previous: number === 1 ? null : 'bb',
      root,
    },
    signatures: [{ key: '0123456789abcdef', signature: 'c2lnbmVk' }],
  };
}
