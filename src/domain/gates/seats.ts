/**
 * Which decision fills which seat: a maximum matching, so that quorum never depends on the order in
 * which people answer, and a person who fits two seats never blocks somebody who fits one.
 */
import type { Authority } from '../policy.js';
import type { PersonId } from '../vocabulary.js';
import { authorityName, speaksFor } from './authority.js';
import type { Decision, Gate, Seat } from './gate.js';
import type { Mandate } from './mandate.js';

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

/** Who sits in a seat, and by which mandate; null: they speak for themselves. */
export interface Seated {
  readonly person: PersonId;
  readonly mandate: Mandate | null;
}

type Voice = Pick<Decision, 'person' | 'functions' | 'rights' | 'mandates'>;
type Voted = Pick<Gate, 'seats' | 'decisions' | 'excluded'>;

const NONE: readonly Mandate[] = [];

/** The mandates that still count: whoever is excluded, or has answered in person, is not spoken for. */
function mandatesIn({ excluded, decisions }: Voted, { mandates }: Voice): readonly Mandate[] {
  if (mandates === undefined) return NONE;
  return mandates.filter(
    ({ from }) => !excluded.includes(from) && !decisions.some(({ person }) => person === from),
  );
}

/** Whether an answer speaks for any seat of its gate still, by itself or for somebody else. */
export function speaksAt(gate: Voted, voice: Voice): boolean {
  const voices = [voice, ...mandatesIn(gate, voice)];
  return gate.seats.some(({ authority }) => voices.some((each) => speaksFor(authority, each)));
}

/** Every way in which people who gave their voice to several others are spoken for by one of them. */
function spokespeople(mandates: readonly (readonly Mandate[])[]): ReadonlyMap<PersonId, number>[] {
  if (mandates.every((each) => each.length === 0)) return [new Map()];
  const speakers = new Map<PersonId, number[]>();
  for (const [index, each] of mandates.entries()) {
    for (const from of new Set(each.map((mandate) => mandate.from))) {
      speakers.set(from, [...(speakers.get(from) ?? []), index]);
    }
  }
  return [...speakers].reduce<ReadonlyMap<PersonId, number>[]>(
    (ways, [from, candidates]) =>
      ways.flatMap((way) => candidates.map((index) => new Map([...way, [from, index]]))),
    [new Map()],
  );
}

/**
 * Seat id to who sits there, from the approvals given: as many seats as any choice of seats and mandates fills.
 * Nobody counts twice, neither in person nor through somebody who speaks for them.
 */
export function seating(gate: Voted): Map<string, Seated> {
  const { seats } = gate;
  const approvals = gate.decisions.filter(isApproval);
  const mandates = approvals.map((approval) => mandatesIn(gate, approval));
  const most = Math.min(seats.length, approvals.length);
  let best = new Map<string, Seated>();
  for (const way of spokespeople(mandates)) {
    const mandateFor = (index: number, { authority }: Seat): Mandate | undefined =>
      mandates[index]?.find((each) => way.get(each.from) === index && speaksFor(authority, each));
    const matched = matchSeats(seats, approvals.length, (index, seat) => {
      const approval = approvals[index];
      if (!approval || (approval.seat !== null && approval.seat !== seat.id)) return false;
      return speaksFor(seat.authority, approval) || mandateFor(index, seat) !== undefined;
    });
    if (matched.size > best.size) best = seatedIn(seats, approvals, matched, mandateFor);
    if (best.size === most) break;
  }
  return best;
}

function seatedIn(
  seats: readonly Seat[],
  approvals: readonly Decision[],
  matched: ReadonlyMap<string, number>,
  mandateFor: (index: number, seat: Seat) => Mandate | undefined,
): Map<string, Seated> {
  const seated = new Map<string, Seated>();
  for (const [id, index] of matched) {
    const seat = seats.find((each) => each.id === id);
    const approval = approvals[index];
    if (!seat || !approval) continue;
    const mandate = speaksFor(seat.authority, approval) ? null : (mandateFor(index, seat) ?? null);
    seated.set(id, { person: approval.person, mandate });
  }
  return seated;
}

/** Seat id to the person who fills it. */
export function filledSeats(gate: Voted, decisions = gate.decisions): Map<string, PersonId> {
  return new Map([...seating({ ...gate, decisions })].map(([seat, { person }]) => [seat, person]));
}

/** Whether an approval by somebody with these voices would fill this seat beside those filled. */
export function wouldFill(gate: Voted, who: Voice, seat: Seat): boolean {
  const filled = filledSeats(gate);
  const seats = gate.seats.filter(({ id }) => filled.has(id) || id === seat.id);
  const approval: Decision = {
    ...who,
    seat: null,
    decision: 'approve',
    at: 0,
    late: false,
    verified: false,
    comment: null,
    clauses: [],
  };
  return filledSeats({ ...gate, seats }, [...gate.decisions, approval]).size === seats.length;
}

/** The seats nobody fills yet. */
export function openSeats(gate: Voted): Seat[] {
  const filled = filledSeats(gate);
  return gate.seats.filter(({ id }) => !filled.has(id));
}
