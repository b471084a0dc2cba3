/**
 * Which decision fills which seat: a maximum matching, so that quorum never depends on the order in
 * which people answer, and a person who fits two seats never blocks somebody who fits one.
 */
import type { Authority } from '../policy.js';
import type { PersonId } from '../vocabulary.js';
import { authorityName, speaksFor } from './authority.js';
import type { Decision, Gate, Seat } from './gate.js';

/** Seats from required authorities: the second of the same is `risk-2`. */
export function seatsFor(authorities: readonly Authority[]): Seat[] {
  const seen = new Map<string, number>();
  return authorities.map((authority) => {
    const name = authorityName(authority);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return { id: n === 1 ? name : `${name}-${n}`, authority };
  });
}

/** Seat id to the index of who fills it. `fits` says who could; each index fills at most one seat. */
export function matchSeats(
  seats: readonly Seat[],
  candidates: number,
  fits: (candidate: number, seat: Seat) => boolean,
): Map<string, number> {
  const filled = new Map<string, number>();
  const place = (candidate: number, tried: Set<string>): boolean => {
    for (const seat of seats) {
      if (tried.has(seat.id) || !fits(candidate, seat)) continue;
      tried.add(seat.id);
      const sitting = filled.get(seat.id);
      if (sitting === undefined || place(sitting, tried)) {
        filled.set(seat.id, candidate);
        return true;
      }
    }
    return false;
  };
  for (let candidate = 0; candidate < candidates; candidate++) place(candidate, new Set());
  return filled;
}

export function isApproval(decision: Decision): boolean {
  return decision.decision === 'approve' || decision.decision === 'approve-with-conditions';
}

/** Seat id to the person who fills it, from the approvals given. */
export function filledSeats(
  gate: Gate,
  decisions: readonly Decision[] = gate.decisions,
): Map<string, PersonId> {
  const approvals = decisions.filter(isApproval);
  const matched = matchSeats(gate.seats, approvals.length, (index, seat) => {
    const approval = approvals[index];
    if (!approval || (approval.seat !== null && approval.seat !== seat.id)) return false;
    return speaksFor(seat.authority, approval);
  });
  const filled = new Map<string, PersonId>();
  for (const [seat, index] of matched) {
    const approval = approvals[index];
    if (approval) filled.set(seat, approval.person);
  }
  return filled;
}

/** Whether an approval by somebody with these functions and rights would fill this seat beside those filled. */
export function wouldFill(gate: Gate, who: Pick<Decision, 'functions' | 'rights'>, seat: Seat): boolean {
  const filled = filledSeats(gate);
  const seats = gate.seats.filter(({ id }) => filled.has(id) || id === seat.id);
  const all = [...gate.decisions.filter(isApproval), { ...who, seat: null }];
  const matched = matchSeats(seats, all.length, (index, { id, authority }) => {
    const each = all[index];
    return each !== undefined && (each.seat ?? id) === id && speaksFor(authority, each);
  });
  return matched.size === seats.length;
}

/** The seats nobody fills yet. */
export function openSeats(gate: Gate): Seat[] {
  const filled = filledSeats(gate);
  return gate.seats.filter(({ id }) => !filled.has(id));
}
