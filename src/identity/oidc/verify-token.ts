/**
 * Whether an access token is what it says (RFC 8725, RFC 9068). Nothing that stands in a token leads anywhere: keys come
 * from the issuers we were told, algorithms from the list here, and `jku`, `jwk`, `x5u` and `x5c` are never looked at.
 */
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { IdentityUnavailable } from '../../ports/authenticator.js';
import type { Issuer } from './issuer.js';

/** Asymmetric only: with them a public key can never be taken for a shared secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TYPES: readonly unknown[] = ['at+jwt', 'application/at+jwt', 'jwt'];
const SKEW_S = 30;
const LONGEST = 8_192;
/** What stands only in tokens that are for clients to read, or that end sessions. */
const NOT_OF_ACCESS = ['at_hash', 'c_hash', 's_hash', 'events'];

/** A token that is good at this moment. Times in milliseconds since 1970-01-01T00:00:00Z. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: JWTPayload;
  readonly expiresAt: number;
  /** 0 where it does not say. */
  readonly issuedAt: number;
  /** Whether a client speaks for itself, and nobody signed in. */
  readonly ofClient: boolean;
}

/** Why a token was refused: for operators, and never with a part of the token. */
export type Refused = (why: string) => void;

/** Verifies tokens of these issuers for an audience; undefined for all others. Throws `IdentityUnavailable`. */
export function createVerifier(issuers: readonly Issuer[], audience: string, refused: Refused) {
  return async (token: string): Promise<VerifiedToken | undefined> => {
    try {
      return await verify(token, issuers, audience);
    } catch (error) {
      if (error instanceof IdentityUnavailable) throw error;
      refused(whyOf(error));
      return undefined;
    }
  };
}

async function verify(token: string, issuers: readonly Issuer[], audience: string): Promise<VerifiedToken> {
  if (token.length > LONGEST) throw new Refusal('it is too long');
  requireHeader(token);
  const { iss } = decodeJwt(token);
  const issuer = issuers.find(({ name }) => name === iss);
  if (issuer === undefined) throw new Refusal('it is of another issuer');
  const { payload: claims } = await jwtVerify(token, issuer.keyOf, {
    algorithms: ALGORITHMS,
    issuer: issuer.name,
    audience,
    clockTolerance: SKEW_S,
    requiredClaims: ['exp', 'sub'],
  });
  const { sub = '', exp = 0, iat = 0 } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw new Refusal('it names nobody');
  if (typeof iat !== 'number' || iat > Date.now() / 1000 + SKEW_S) throw new Refusal('it is of the future');
  if (!isForAccess(claims)) throw new Refusal('it is no access token');
  return {
    issuer: issuer.name,
    subject: sub,
    claims,
    expiresAt: exp * 1000,
    issuedAt: iat * 1000,
    ofClient: isOfClient(claims),
  };
}

/** Some providers tell by a claim what a token is for, and leave the nonce of the sign-in in all of them. */
function isForAccess(claims: JWTPayload): boolean {
  if (NOT_OF_ACCESS.some((name) => name in claims)) return false;
  return 'typ' in claims ? claims['typ'] === 'Bearer' : !('nonce' in claims);
}

/** By RFC 9068, and by what large providers say instead. */
function isOfClient({ sub, client_id, azp, gty, idtyp }: JWTPayload): boolean {
  return sub === client_id || sub === azp || gty === 'client-credentials' || idtyp === 'app';
}

function requireHeader(token: string): void {
  const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8');
  const header: unknown = JSON.parse(text);
  if (typeof header !== 'object' || header === null) throw new Refusal('its header is none');
  const { typ, kid } = header as { typ?: unknown; kid?: unknown };
  if (typeof typ !== 'string' || !TYPES.includes(typ.toLowerCase()))
    throw new Refusal('it is of another type');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256))
    throw new Refusal('its kid is none');
  // Parsers differ in which of two they take. Without escapes, a quoted text before a colon is a name.
  const names = [...text.matchAll(/"([^"]*)"\s*:/g)].map(([, name]) => name);
  if (text.includes('\\') || new Set(names).size < names.length) throw new Refusal('its header is ambiguous');
}

class Refusal extends Error {}

function whyOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return error instanceof errors.JOSEError ? error.code : 'it cannot be read';
}
