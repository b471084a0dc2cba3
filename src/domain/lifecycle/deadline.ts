import type { Instant } from '../vocabulary.js';
import type { Draft } from './draft.js';

/** An instant at which time alone changes something. */
export interface Deadline {
  readonly at: Instant;
  /** Orders deadlines of the same instant. */
  readonly id: string;
  /** What fires, in words, for the timer's summary. */
  readonly what: string;
  /** Business time of a calendar, a date as it stands, or a date set by law. Absent: a date as it stands. */
  readonly kind?: 'business' | 'calendar' | 'statutory';
  readonly fire: (draft: Draft) => void;
}
