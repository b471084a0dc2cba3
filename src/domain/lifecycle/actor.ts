import type { BusinessFunction, Instant, PersonId } from '../vocabulary.js';

/** Who acts, as the API authenticated them. Compared by person, never by credential. */
export interface Actor {
  readonly person: PersonId;
  /** Functions held in the lifecycle's team at the time of the call. */
  readonly functions: readonly BusinessFunction[];
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** False where nothing proves who sent the message (trust `dev`). */
  readonly verified: boolean;
  /** When the person last proved who they are, and how strongly; absent where nobody says (trust `dev`, machines). */
  readonly authenticated?: { readonly at: Instant; readonly acr: string | null };
}
