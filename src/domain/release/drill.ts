import type { Digest } from '../digest.js';
import type { DrillKind, Instant, PersonId } from '../vocabulary.js';

/** A rehearsal of going back, judged by the time that the model allows. */
export interface Drill {
  readonly kind: DrillKind;
  readonly at: Instant;
  /** Milliseconds from the order to the target's read-back. */
  readonly tookMs: number;
  readonly passed: boolean;
  readonly report: Digest;
  readonly by: PersonId;
  /** What served then; null: the manual fallback. */
  readonly release: Digest | null;
}

/** What is known of the drills of a lifecycle. */
export interface Drills {
  /** Since when something serves, or these rules ask for drills: no cadence counts from before. Null until then. */
  readonly since: Instant | null;
  /** The last one of each kind, and apart from it the last that passed. */
  readonly held: readonly Drill[];
  /** Kinds that were overdue and have not been held since. */
  readonly missed: readonly DrillKind[];
}

export const NO_DRILLS: Drills = { since: null, held: [], missed: [] };
