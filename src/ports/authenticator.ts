import type { Instant, PersonId } from '../domain/vocabulary.js';

/** Who presents a token, as far as the token proves it. What they may do is asked of directory and matrix. */
export interface Principal {
  readonly person: PersonId;
  readonly kind: 'human' | 'machine';
  /** By what it was proven; `id` names the credential in records and opens nothing. */
  readonly credential: { readonly kind: 'oidc' | 'api-key' | 'dev'; readonly id: string };
  /** When the person last proved who they are, as the issuer says; null where nobody says. */
  readonly authenticatedAt: Instant | null;
  /** How strongly, in the issuer's words; null where it says nothing. */
  readonly acr: string | null;
  /** Names of actions and commands that the token is limited to; null: everything the person may do. */
  readonly scopes: readonly string[] | null;
}

/** Finds out who presents a bearer token. */
export interface Authenticator {
  /**
   * Undefined for a token that proves nothing: unknown, forged, expired, revoked, for another audience, or of
   * somebody who is not active. Throws `IdentityUnavailable`, and `DirectoryUnavailable`.
   */
  authenticate(token: string): Promise<Principal | undefined>;
}

/** Whether a token is good cannot be found out now: whoever asks must refuse or wait, never assume. */
export class IdentityUnavailable extends Error {
  override readonly name = 'IdentityUnavailable';
  readonly code = 'identity-unavailable';
}
