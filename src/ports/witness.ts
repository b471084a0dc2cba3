import type { SignedCheckpoint } from '../ledger/verify/checkpoint.js';

/**
 * Somebody outside who keeps what was sealed, so that a ledger rewritten together with its checkpoints is found out:
 * a file on other ground, another organisation's service.
 */
export interface Witness {
  /**
   * Hands a checkpoint over, once by its number however often it is called.
   * Throws `WitnessConflict`, `WitnessUnavailable`; the signal's reason when aborted.
   */
  publish(signed: SignedCheckpoint, signal: AbortSignal): Promise<void>;
}

/** The witness has another checkpoint under this number: one of two histories is false. Alarm: no retry mends that. */
export class WitnessConflict extends Error {
  override readonly name = 'WitnessConflict';
  readonly code = 'witness-conflict';
  constructor(number: number) {
    super(
      `the witness has another checkpoint ${number}: do not retry, compare both and find out which ledger was changed`,
    );
  }
}

/** The witness is not known to have it; repeating is safe. */
export class WitnessUnavailable extends Error {
  override readonly name = 'WitnessUnavailable';
  readonly code = 'witness-unavailable';
}
