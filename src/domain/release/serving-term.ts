import { addMonths } from '../calendar/local.js';
import { addOrLast } from '../gates/clock.js';
import { calendarOf, rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';

/** Until when a release that serves from `since` on may do so unreviewed; null: until the pilot's box ends. */
export function servingEnd(state: State, since: Instant): Instant | null {
  const term = rulesOf(state)?.approval.serveUntil ?? null;
  if (!term) return null;
  const calendar = calendarOf(state);
  const review = addMonths(calendar, since, term.months);
  const at = review.ok ? review.at : calendar.validThrough;
  return term.plus ? addOrLast(calendar, at, term.plus) : at;
}
