import { deliveryOf } from '../lifecycle/delivery.js';
import type { Candidate, Serving, State } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';

/** Its approval unexpired, that of a pilot with its box, and the vendor's endpoint announced to answer still. */
function mayServe(state: State, { approval, release }: Serving, now: Instant): boolean {
  const boxEnd = state.pilot?.endsAt ?? now;
  return (approval.serveUntil ?? boxEnd) > now && (release.vendorUntil ?? Number.POSITIVE_INFINITY) > now;
}

/**
 * The release that a rollback goes to: the newest of the earlier ones that may still serve; null: the manual
 * fallback. Whatever was rolled back for cause, or cannot run after what has served since, is not among them.
 */
export function eligibleRelease(state: State, now: Instant): Serving | null {
  return state.earlier.findLast((serving) => mayServe(state, serving, now)) ?? null;
}

/** Every release that is rolled out, serves, or may be gone back to. */
export function releasesInUse(state: State): Candidate[] {
  const { serving, earlier } = state;
  const delivery = deliveryOf(state);
  const delivered = delivery?.step === 'release' ? [delivery.release] : [];
  return [...delivered, ...[...earlier, ...(serving ? [serving] : [])].map(({ release }) => release)];
}
