import type { Instant, PersonId } from '../domain/vocabulary.js';
import type { Person } from './directory.js';
import type { StandingDelegation, Subject } from './roster.js';

/** From when until when something was on record; null: it still is. Milliseconds since 1970-01-01T00:00:00Z. */
interface Recorded {
  readonly recordedFrom: Instant;
  readonly recordedUntil: Instant | null;
  /** Who says so: `people-file`, or an issuer. */
  readonly source: string;
}

/** What was ever on record about somebody, each list oldest first. No name is in it. */
interface PersonHistory {
  readonly person: PersonId;
  readonly held: readonly (Recorded & Pick<Person, 'functions' | 'teams' | 'roles' | 'active'>)[];
  readonly credentials: readonly (Recorded & Subject)[];
  readonly absences: readonly (Recorded & Pick<StandingDelegation, 'from' | 'until'>)[];
  readonly delegations: readonly (Recorded & StandingDelegation)[];
}

export interface PeopleHistory {
  /** Undefined for somebody who never was on record. Throws `DirectoryUnavailable`. */
  of(person: PersonId): Promise<PersonHistory | undefined>;
}
