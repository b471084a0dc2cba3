/** What is counted of a pilot across all instances of the API. */
export type Capped = 'people' | 'cases';

/** What an instance knows of its slice. Said again after a lost answer, it changes nothing twice. */
export interface LeaseRequest {
  readonly key: string;
  readonly of: Capped;
  readonly instance: string;
  /** Rises with every request of this instance for this key; a lower one that comes late is passed over. */
  readonly n: number;
  readonly cap: number;
  /** What is left of its slice. */
  readonly left: number;
  /** Tokens of what it has counted since an answer last acknowledged some. */
  readonly counted: readonly string[];
  /** How much more it wants; 0: it only tells. */
  readonly want: number;
  /** Position behind which it does not know yet what others have counted. */
  readonly after: number;
}

export interface LeaseAnswer {
  /** By how much its slice grows. */
  readonly granted: number;
  /** With which tokens are made of references, so that nobody can guess back. */
  readonly salt: string;
  /** Everything that is counted in all, or leased. */
  readonly taken: number;
  /** Tokens counted by anybody behind `after`, with the position of the last. */
  readonly tokens: readonly string[];
  readonly position: number;
}

/** Slices of what a pilot may touch: all instances together never count more than there is. */
export interface GuardLeases {
  /** null: a later request of this instance was answered before. Throws `LedgerUnavailable`. */
  lease(request: LeaseRequest): Promise<LeaseAnswer | null>;
}
