import type { Standing } from '../domain/guard/standing.js';
import type { Hold } from '../domain/lifecycle/state.js';

/** Where a lifecycle stands for the decision-time guard, as of the event `seq`. */
export interface RecordedStanding {
  readonly key: string;
  readonly seq: number;
  readonly standing: Standing;
}

/** A stop that an instance knows of and the projection may not show yet. */
export interface ToldStop extends Pick<Hold, 'effect' | 'scope'> {
  readonly key: string;
  /** Id of the command that it came with. */
  readonly command: string;
  /** Number of the first event that can show it. */
  readonly seq: number;
  /** It stands for so many milliseconds from now at least, whatever is shown. */
  readonly ms: number;
}

/** What changed since a mark. */
interface GuardNews {
  readonly standings: readonly RecordedStanding[];
  readonly stops: readonly ToldStop[];
  /** For the next question. */
  readonly mark: string;
}

/** What the decision-time guard is fed from, and where its instances tell one another of stops. */
export interface GuardSource {
  /**
   * What was stored since the mark of an earlier answer (null: all there is). Something may come again, and nothing is
   * missed, whatever commits meanwhile. Throws `LedgerUnavailable`.
   */
  changed(since: string | null): Promise<GuardNews>;
  /**
   * Tells every instance of a stop; answers with the number that its command was told with first, which a repetition
   * does not change. Throws `LedgerUnavailable`.
   */
  tell(stop: ToldStop): Promise<number>;
}
