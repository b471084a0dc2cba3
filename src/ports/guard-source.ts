import type { Standing } from '../domain/guard/standing.js';

/** Where a lifecycle stands for the decision-time guard, as of the event `seq`. */
export interface RecordedStanding {
  readonly key: string;
  readonly seq: number;
  readonly standing: Standing;
}

/** What the decision-time guard is fed from. */
export interface GuardSource {
  /**
   * The standings stored since the mark of an earlier answer (null: all there are), with the next mark. One may come
   * again, and none is missed, whatever commits meanwhile. Throws `LedgerUnavailable`.
   */
  changed(
    since: string | null,
  ): Promise<{ readonly standings: readonly RecordedStanding[]; readonly mark: string }>;
}
