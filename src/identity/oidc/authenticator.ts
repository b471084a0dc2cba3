import { createHash } from 'node:crypto';
import type { Authenticator, Principal } from '../../ports/authenticator.js';
import type { Person } from '../../ports/directory.js';
import { kindOf } from '../kind-of.js';
import { scopesByClaims } from './claims.js';
import type { ClaimsMapping } from './claims-form.js';
import type { Refused, VerifiedToken } from './verify-token.js';

/** What was verified is not verified again for so long, and never beyond the token's end. */
const KEPT_MS = 30_000;
const MOST = 5_000;
/** As envelopes take it. */
const LONGEST_ACR = 200;

interface Dependencies {
  readonly verify: (token: string) => Promise<VerifiedToken | undefined>;
  readonly subjectOf: (token: VerifiedToken) => Promise<Pick<Person, 'id' | 'roles'> | undefined>;
  readonly mappings: readonly ClaimsMapping[];
  readonly refused: Refused;
}

/** Judges access tokens of OpenID providers. */
export function createOidcAuthenticator({
  verify,
  subjectOf,
  mappings,
  refused,
}: Dependencies): Authenticator {
  const kept = new Map<string, { readonly until: number; readonly token: VerifiedToken }>();

  const verified = async (token: string): Promise<VerifiedToken | undefined> => {
    const hash = createHash('sha256').update(token).digest('base64url');
    const now = Date.now();
    const known = kept.get(hash);
    if (known !== undefined && now < known.until) return known.token;
    kept.delete(hash);
    const fresh = await verify(token);
    if (fresh === undefined) return undefined;
    if (kept.size >= MOST) kept.clear();
    kept.set(hash, { until: Math.min(now + KEPT_MS, fresh.expiresAt), token: fresh });
    return fresh;
  };

  return {
    async authenticate(given) {
      const token = await verified(given);
      const person = token && (await subjectOf(token));
      if (token === undefined || person === undefined) return undefined;
      // A client that speaks for itself is a machine, whoever its credential was given to.
      if (token.ofClient && kindOf(person) !== 'machine') {
        refused('a client speaks for itself, and its credential is somebody who is no machine');
        return undefined;
      }
      return principalOf(token, person, mappings);
    },
  };
}

function principalOf(
  { issuer, subject, claims }: VerifiedToken,
  person: Pick<Person, 'id' | 'roles'>,
  mappings: readonly ClaimsMapping[],
): Principal {
  const mapping = mappings.find((one) => one.issuer === issuer);
  const { auth_time: at, acr } = claims;
  const credential = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');
  return {
    person: person.id,
    kind: kindOf(person),
    credential: { kind: 'oidc', id: credential.slice(0, 16) },
    authenticatedAt: typeof at === 'number' && at > 0 ? Math.trunc(Math.min(at * 1000, Date.now())) : null,
    acr: typeof acr === 'string' && acr.length <= LONGEST_ACR ? acr : null,
    scopes: mapping === undefined ? null : scopesByClaims(mapping, claims),
  };
}
