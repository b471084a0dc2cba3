import type { BusinessFunction, PersonId } from '../vocabulary.js';

/** Who acts, as the API authenticated them. Compared by person, never by credential. */
export interface Actor {
  readonly person: PersonId;
  /** Functions held in the lifecycle's team at the time of the call. */
  readonly functions: readonly BusinessFunction[];
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** False where nothing proves who sent the message (trust `dev`). */
  readonly verified: boolean;
}
