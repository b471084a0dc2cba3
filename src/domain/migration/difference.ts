import type { BusinessDuration } from '../calendar/calendar.js';
import type { DecisionKind, HoldEffect, Instant, PersonId, Tier } from '../vocabulary.js';
import type { Place } from './exposed.js';

/** What would be otherwise for one lifecycle under another model, each with a sentence for people. */
export type Difference = { readonly message: string } & (
  | { readonly kind: 'tier'; readonly before: Tier; readonly after: Tier; readonly rule: string }
  /** An answer that is not one any more, or a question that was not asked before. */
  | { readonly kind: 'fact'; readonly fact: string }
  | { readonly kind: 'gate-required' | 'gate-dropped'; readonly gate: string }
  | { readonly kind: 'seats'; readonly gate: string; readonly before: string; readonly after: string }
  | {
      readonly kind: 'sla';
      readonly gate: string;
      readonly before: BusinessDuration;
      readonly after: BusinessDuration;
    }
  /** `code`: missing, stale or failed, as the gate itself would refuse it. */
  | { readonly kind: 'evidence'; readonly evidence: string; readonly place: Place; readonly code: string }
  /** Asked of what is exposed already, by a date. */
  | { readonly kind: 'remediation'; readonly evidence: string; readonly due: Instant }
  /** A seat that nobody could fill: the migration would be refused. */
  | { readonly kind: 'unstaffed'; readonly seat: string }
  /** A seat of a right that nobody holds. */
  | { readonly kind: 'right'; readonly right: string; readonly gate: string }
  | {
      readonly kind: 'decision';
      readonly gate: string;
      readonly person: PersonId;
      readonly decision: DecisionKind;
    }
  | { readonly kind: 'returned'; readonly delivery: number; readonly step: string }
  /** What a pilot was started with is above a cap; it goes on until its box ends. */
  | { readonly kind: 'cap'; readonly cap: 'people' | 'box'; readonly limit: number }
  | { readonly kind: 'hold'; readonly effect: HoldEffect }
  | { readonly kind: 'term'; readonly before: Instant; readonly after: Instant }
  | { readonly kind: 'calendar'; readonly calendar: string }
);
