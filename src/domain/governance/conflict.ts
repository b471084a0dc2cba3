import type { Digest } from '../digest.js';
import type { Instant, PersonId } from '../vocabulary.js';

/** How a conflict ends: what it was about goes forward, or the stricter side stands. */
export const CONFLICT_SIDES = ['forward', 'stricter'] as const;
export type ConflictSide = (typeof CONFLICT_SIDES)[number];

/** Speed against control: open until the conflict resolver has said which side stands. */
export interface Conflict {
  /** Id of the gate at which the resolver answers. */
  readonly id: string;
  /** The gate it is about; null: everything that moves forward. */
  readonly gate: string | null;
  /** The hold that keeps the stricter side standing meanwhile. */
  readonly hold: string;
  readonly by: PersonId;
  readonly reason: Digest;
  readonly at: Instant;
}

/** Bounds the state; so many open at once are one conflict about everything. */
export const MAX_CONFLICTS = 10;
