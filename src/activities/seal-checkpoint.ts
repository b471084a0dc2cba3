import { Context } from '@temporalio/activity';
import type { Sealer } from '../ledger/anchors/seal.js';
import type { Witnessing } from '../ledger/anchors/witnessing.js';
import type { Activities } from './types.js';

/** What seals, and whom it is handed to. */
export interface Anchoring {
  readonly sealer: Sealer;
  readonly witnessing: Witnessing;
}

/** Seals the ledger, and hands what was sealed to witnesses: both safe to repeat. */
export function createSealCheckpoint({
  sealer,
  witnessing,
}: Anchoring): Pick<Activities, 'sealCheckpoint' | 'publishCheckpoints'> {
  return {
    sealCheckpoint: async () => ({ ...(await sealer.seal()), witnesses: witnessing.names }),
    publishCheckpoints: (witness) => {
      const context = Context.current();
      return witnessing.publish(witness, context.cancellationSignal, (number) => context.heartbeat(number));
    },
  };
}
