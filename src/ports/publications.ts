import type { Digest } from '../domain/digest.js';
import type { Instant } from '../domain/vocabulary.js';

/** A version of an operating model that passed its gate and was published. */
export interface Publication {
  readonly name: string;
  readonly version: number;
  /** Of its written form, under which it is in the document store. */
  readonly digest: Digest;
  readonly at: Instant;
  /** Whether it is proven that governance and risk approved it, as far as anybody asks here. */
  readonly proven: boolean;
}

/** A version that was proposed, whatever became of it. */
export interface ProposedVersion {
  readonly name: string;
  readonly version: number;
  readonly digest: Digest;
  readonly proposer: string;
  readonly at: Instant;
  /** Whether people still have something to do about it. */
  readonly open: boolean;
}

/** What became of operating models, as the ledger has it. Every method throws `LedgerUnavailable`. */
export interface Publications {
  published(): Promise<readonly Publication[]>;
  proposed(): Promise<readonly ProposedVersion[]>;
}
