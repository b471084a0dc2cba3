/** Who decides for whom, as the state and a decision carry it. */
import type { BusinessFunction, GateName, Instant, PersonId, Right } from '../vocabulary.js';

/** An authority by its name: a function that somebody has, or a right that they hold. */
export type AuthorityName = BusinessFunction | Right;

/** Dated, and bounded to authorities and gates. It lends a voice at gates; it moves no right and no deadline. */
export interface Delegation {
  readonly id: string;
  readonly from: PersonId;
  /** Who speaks for them: of several, the first who is there and not excluded. Nobody, where somebody is only away. */
  readonly to: readonly PersonId[];
  readonly authorities: readonly AuthorityName[];
  readonly gates: readonly GateName[];
  readonly starts: Instant;
  /** First instant at which it no longer holds. */
  readonly ends: Instant;
  /** Whether whoever gives it is out of office meanwhile, and so is not asked. */
  readonly absence: boolean;
  /** Set by the event that starts it, so that no reader of the state needs a clock. */
  readonly began: boolean;
}

/** Somebody else's voice at one gate: what they could decide there themselves, within the bounds of a delegation. */
export interface Mandate {
  readonly delegation: string;
  readonly from: PersonId;
  readonly functions: readonly BusinessFunction[];
  readonly rights: readonly Right[];
}
