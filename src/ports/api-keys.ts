import type { Instant, PersonId } from '../domain/vocabulary.js';

/** A machine's key, without what opens with it. Times in milliseconds since 1970-01-01T00:00:00Z. */
export interface ApiKey {
  readonly id: string;
  /** Whose key it is: a person of the directory with the role `machine`. */
  readonly person: PersonId;
  /** What it is called, such as `build-server`. */
  readonly label: string;
  /** Names of actions and commands; null: everything the machine may do. */
  readonly scopes: readonly string[] | null;
  readonly createdAt: Instant;
  readonly createdBy: PersonId;
  readonly expiresAt: Instant;
  /** To the minute; null: never. */
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly revokedBy: PersonId | null;
}

export type NewApiKey = Pick<
  ApiKey,
  'id' | 'person' | 'label' | 'scopes' | 'createdAt' | 'createdBy' | 'expiresAt'
>;

/** The keys of machines. Every method throws `IdentityUnavailable`. */
export interface ApiKeys {
  /** Makes a key and records it. The token is told here and never again. Throws `ApiKeyExists`. */
  create(key: NewApiKey): Promise<{ readonly key: ApiKey; readonly token: string }>;
  /** All that ever were, newest first; of one machine where it is named. */
  list(person: PersonId | null): Promise<readonly ApiKey[]>;
  /** Ends a key for good and records it, once; undefined where there is none. */
  revoke(id: string, by: PersonId, at: Instant): Promise<ApiKey | undefined>;
}

/** The id is taken, which is what a repeated request finds. */
export class ApiKeyExists extends Error {
  override readonly name = 'ApiKeyExists';
  readonly code = 'exists';
}
