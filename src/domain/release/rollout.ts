import type { RolloutStep } from '../policy.js';
import type { Instant } from '../vocabulary.js';
import type { VerificationResult } from './verdict.js';

/** Consecutive results by clause (and group), for `failAfter`. */
export type Fails = { readonly [clauseAndGroup: string]: number };

interface Soak {
  /** When the step's exposure was confirmed. */
  readonly since: Instant;
  /** Start of the window that is judged next. */
  readonly windowFrom: Instant;
  readonly passes: number;
  readonly fails: Fails;
  /** A window of this step failed: it takes more of them in a row to make up for it. */
  readonly failed?: true;
  /** Since when nothing conclusive came; null while all is well. */
  readonly silentSince: Instant | null;
  /** The last result recorded: a repeated one is not recorded again. */
  readonly last: VerificationResult | null;
}

/** Where the rollout stands. What blocks a pending one is computed, never stored. */
export type RolloutPhase =
  | { readonly name: 'pending' }
  | { readonly name: 'exposing' }
  | ({ readonly name: 'soaking'; readonly verifyAt: Instant } & Soak)
  | ({ readonly name: 'verifying'; readonly windowTo: Instant } & Soak)
  | { readonly name: 'accepting' }
  | { readonly name: 'rolled-back' };

export interface Rollout {
  /** The plan, resolved when the rollout was created and pinned: checks come from the spec. */
  readonly steps: readonly RolloutStep[];
  /** Index of the step that is pending or under way; past the last one while only serving is pending. */
  readonly step: number;
  /** Whether an acceptance or an advance by command has been given for the pending step. */
  readonly accepted: boolean;
  readonly advanced: boolean;
  readonly phase: RolloutPhase;
}
