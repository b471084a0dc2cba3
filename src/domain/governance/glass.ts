import type { Digest } from '../digest.js';
import type { Instant, PersonId } from '../vocabulary.js';

/** What two people passed in an emergency: a missing approval or a freeze, for a time, reviewed afterwards. */
export interface Glass {
  /** Id of the retrospective gate at which it is reviewed. */
  readonly id: string;
  readonly passes: 'approval' | 'freeze';
  /** Id of the gate, or name of the freeze. */
  readonly what: string;
  /** The release that it lets through; null where none is registered yet. */
  readonly release: Digest | null;
  readonly by: readonly PersonId[];
  readonly reason: Digest;
  readonly at: Instant;
  /** From then on it passes nothing any more. */
  readonly until: Instant;
  readonly expired: boolean;
  readonly reviewed: boolean;
}
