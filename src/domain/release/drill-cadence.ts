import { rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';

/** Rules that ask for drills, or for more of them, count from when they began to: what serves has time to hold one. */
export function countCadence(before: State, after: State, at: Instant): State {
  const same = after.model === before.model && after.mode === before.mode && after.tier === before.tier;
  if (same || after.drills.since === null) return after;
  const every = rulesOf(after)?.drills?.every ?? Number.POSITIVE_INFINITY;
  const stricter = every < (rulesOf(before)?.drills?.every ?? Number.POSITIVE_INFINITY);
  return stricter ? { ...after, drills: { ...after.drills, since: at } } : after;
}
