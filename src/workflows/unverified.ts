import type { Instant } from '../domain/vocabulary.js';

/** What is counted of messages that nothing proves; carried over, so that a new run does not begin anew. */
export interface UnverifiedCount {
  readonly count: number;
  readonly names: readonly string[];
  readonly since: Instant;
}

/** One event for so long: whoever can send signals must not be able to fill ledger and history with refusals. */
const WINDOW_MS = 60_000;
const NAMES = 5;
const LONGEST_NAME = 64;

/** Counts signals that nothing proves, and says when it is time to record how many. */
export class Unverified {
  #counted: UnverifiedCount | null;

  constructor(carried: UnverifiedCount | null) {
    this.#counted = carried;
  }

  /** As it is carried over; null where there is nothing to record. */
  get counted(): UnverifiedCount | null {
    return this.#counted;
  }

  /** When the count is to be recorded; null: there is none. */
  get dueAt(): Instant | null {
    return this.#counted === null ? null : this.#counted.since + WINDOW_MS;
  }

  add(name: string, now: Instant): void {
    const { count, names, since } = this.#counted ?? { count: 0, names: [], since: now };
    const short = name.slice(0, LONGEST_NAME);
    const kept = names.includes(short) || names.length >= NAMES ? names : [...names, short];
    this.#counted = { count: count + 1, names: kept, since };
  }

  /** What is to be recorded now, once; undefined while the minute is not over. */
  take(now: Instant): UnverifiedCount | undefined {
    const counted = this.#counted;
    if (counted === null || now < counted.since + WINDOW_MS) return undefined;
    this.#counted = null;
    return counted;
  }
}
