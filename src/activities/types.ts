/**
 * The activities by name, as workflows see them. Each file beside this one makes its own from the ports it
 * needs; workflows import nothing but this type.
 */

import type { ConfirmGate, Notify, SetExposure, Verify } from '../domain/lifecycle/work.js';
import type { Allocation } from '../domain/release/allocation.js';
import type { Sample } from '../domain/release/verdict.js';
import type { PersonId } from '../domain/vocabulary.js';
import type { LedgerEntry } from '../ports/ledger.js';

/** What became of an exposure effect, read back from the target. */
export type ExposureOutcome =
  | { readonly outcome: 'applied'; readonly allocation: Allocation }
  /** Approvers who are no longer eligible: nothing was done. */
  | { readonly outcome: 'ineligible'; readonly people: readonly PersonId[] }
  /** The target stands at a higher fence than this effect's. */
  | { readonly outcome: 'fenced'; readonly fence: number };

export interface Activities {
  /** Appends entries in order; repeating it changes nothing. Fails for good with `LedgerConflict`, `LedgerGap`. */
  appendEntries(entries: readonly LedgerEntry[]): Promise<void>;
  /** Which of the approvers the directory no longer finds eligible. */
  confirmApprovers(work: Pick<ConfirmGate, 'team' | 'approvers'>): Promise<readonly PersonId[]>;
  /** Sets the exposure once by its key and reads it back. Heartbeats; stops when cancelled. */
  setExposure(work: Omit<SetExposure, 'kind' | 'lane' | 'summary'>): Promise<ExposureOutcome>;
  /** What was measured in the windows asked for. */
  sampleMetrics(work: Omit<Verify, 'kind' | 'lane' | 'summary'>): Promise<readonly Sample[]>;
  /** Hands notices over, each once by its id. */
  deliverNotices(work: Pick<Notify, 'lifecycle' | 'notices'>): Promise<void>;
}
