import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isSecure } from '../../contracts/secure-address.js';
import { IdentityUnavailable } from '../../ports/authenticator.js';

const TIMEOUT_MS = 5_000;
/** After a failure an issuer is left alone for so long, however many tokens come. */
const REST_MS = 5_000;
const DISCOVERED_MS = 3_600_000;
/** A key that the issuer has withdrawn counts for so long at most. */
const KEYS_MS = 300_000;
/** Unknown key ids make us ask the issuer again, but not more often than so. */
const COOLDOWN_MS = 30_000;

const discovered = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

/** An OpenID provider, by what it publishes. */
export interface Issuer {
  /** As it names itself in tokens. */
  readonly name: string;
  /** The key that a token's header names. Throws jose's errors for none or several, else `IdentityUnavailable`. */
  readonly keyOf: JWTVerifyGetKey;
}

/** An issuer by its name, discovered at first use. `cooldownMs` is for tests. */
export function createIssuer(name: string, { cooldownMs = COOLDOWN_MS } = {}): Issuer {
  const ask = restingFetch();
  let keys: { readonly until: number; readonly set: Promise<JWTVerifyGetKey> } | undefined;

  const discover = async (): Promise<JWTVerifyGetKey> => {
    const response = await ask(`${name.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { issuer, jwks_uri } = discovered.parse(await response.json());
    // Or else a provider could speak for another one.
    if (issuer !== name) throw new Error(`it calls itself ${issuer}`);
    return createRemoteJWKSet(secure(jwks_uri), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: cooldownMs,
      cacheMaxAge: KEYS_MS,
      [customFetch]: ask,
    });
  };

  const keySet = (): Promise<JWTVerifyGetKey> => {
    if (keys !== undefined && keys.until > Date.now()) return keys.set;
    const set = discover();
    keys = { until: Date.now() + DISCOVERED_MS, set };
    set.catch(() => {
      keys = undefined;
    });
    return set;
  };

  return {
    name,
    keyOf: async (header, token) => {
      try {
        return await (await keySet())(header, token);
      } catch (cause) {
        if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) {
          throw cause;
        }
        throw new IdentityUnavailable(`the keys of ${name} cannot be had now`, { cause });
      }
    },
  };
}

function secure(address: string): URL {
  const url = new URL(address);
  if (isSecure(url)) return url;
  throw new Error(`${address} is not https`);
}

type Fetch = (url: string, options: RequestInit) => Promise<Response>;

function restingFetch(): Fetch {
  let until = 0;
  return async (url, options) => {
    if (Date.now() < until) throw new Error(`${url} failed a moment ago`);
    try {
      const response = await fetch(url, options);
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
      return response;
    } catch (error) {
      until = Date.now() + REST_MS;
      throw error;
    }
  };
}
