import type { BusinessFunction, PersonId, Right } from '../domain/vocabulary.js';

export interface Person {
  readonly id: PersonId;
  /** For people's eyes only: it never goes into Temporal or the ledger. */
  readonly name: string;
  readonly functions: readonly BusinessFunction[];
  /** Teams in which the functions count. */
  readonly teams: readonly string[];
  /** Roles beside the functions, such as `auditor`, `policy-editor`, `machine`. */
  readonly roles: readonly string[];
  /** False once somebody left: they authenticate as nobody and fill no seat. */
  readonly active: boolean;
}

/** Default holders of a team's decision rights; stop-ship is a roster. */
type TeamRights = {
  readonly [R in Exclude<Right, 'stopShipHolder'>]?: PersonId;
} & { readonly stopShipHolder?: readonly PersonId[] };

export interface Team {
  readonly id: string;
  /** Id of a calendar of the operating model. */
  readonly calendar: string;
  readonly lead: PersonId;
  readonly heads: { readonly [F in BusinessFunction]?: PersonId };
  readonly rights: TeamRights;
  /** Everybody who names this team, active or not. */
  readonly members: readonly PersonId[];
}

/** Who people are and what they may speak for. Every method throws `DirectoryUnavailable`. */
export interface Directory {
  person(id: PersonId): Promise<Person | undefined>;
  team(id: string): Promise<Team | undefined>;
  /** The members of a team with what they hold; empty for an unknown team. */
  members(teamId: string): Promise<readonly Person[]>;
}

/** Nobody can say who is who now: whoever asks must refuse or wait, never assume. */
export class DirectoryUnavailable extends Error {
  override readonly name = 'DirectoryUnavailable';
  readonly code = 'directory-unavailable';
}
