/** What the guard knows of what people are exposed to: plain values in a lifecycle's state. */
import type { Digest } from '../digest.js';
import type { ClauseId } from '../spec/spec.js';
import type { Instant } from '../vocabulary.js';

/** A clause that does not hold while people are exposed, until it holds again or the exposure ends. */
interface OpenBreach {
  readonly clause: ClauseId;
  readonly group: string | null;
  /** When it was recorded. */
  readonly at: Instant;
  /** The alert that said so; null: the guard measured it. */
  readonly alert: string | null;
}

/** A release that people are exposed to. What was measured before `since` was measured of another exposure. */
export interface Watched {
  readonly release: Digest;
  readonly since: Instant;
  readonly breaches: readonly OpenBreach[];
  /** Since when nothing is measured, once that was longer than its limit; null: something is. */
  readonly silentSince: Instant | null;
}

/** One firing of an alert: the same id that starts anew is another one. */
interface HeardAlert {
  readonly alert: string;
  readonly startsAt: Instant;
}

export interface Watch {
  readonly exposed: readonly Watched[];
  /** What alerts said last, newest last: said again, it changes nothing. */
  readonly heard: readonly HeardAlert[];
}

export const NO_WATCH: Watch = { exposed: [], heard: [] };
