import type { Instant, PersonId } from '../domain/vocabulary.js';
import type { Person, Team } from './directory.js';

/** Somebody at an issuer: one person may be several of these. */
export interface Subject {
  /** As the issuer names itself in tokens. */
  readonly issuer: string;
  readonly subject: string;
}

/** Out of office: not before `from`, and back at `until`. Milliseconds since 1970-01-01T00:00:00Z. */
interface Absence {
  readonly from: Instant;
  readonly until: Instant;
}

/** Who decides instead, from when until when. */
export interface StandingDelegation extends Absence {
  readonly to: PersonId;
  /** Only at these gates; null: at all. */
  readonly gates: readonly string[] | null;
}

export interface RosterPerson extends Person {
  readonly credentials: readonly Subject[];
  readonly absences: readonly Absence[];
  readonly delegations: readonly StandingDelegation[];
}

/** Everybody whom one source knows, at once: whoever is not in it is known to it no more. */
export interface Roster {
  /** Another one for every other content. */
  readonly version: string;
  readonly people: readonly RosterPerson[];
  readonly teams: readonly Omit<Team, 'members'>[];
}
