import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createOidcAuthenticator } from '../../../src/identity/oidc/authenticator.js';
import type { ClaimsMapping } from '../../../src/identity/oidc/claims-form.js';
import type { VerifiedToken } from '../../../src/identity/oidc/verify-token.js';
import { IdentityUnavailable } from '../../../src/ports/authenticator.js';

const ISSUER = 'https://login.example';
const MINUTE = 60_000;

let verified: string[];
let asked: number;
let why: string[];
let person: { id: string; roles: string[] } | undefined;
let token: VerifiedToken | Error | undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2027, 0, 1), toFake: ['Date'] });
  [verified, asked, why] = [[], 0, []];
  person = { id: 'ana', roles: [] };
  token = {
    issuer: ISSUER,
    subject: 'u-1',
    claims: {},
    expiresAt: Date.now() + 5 * MINUTE,
    issuedAt: Date.now(),
    ofClient: false,
  };
  return () => vi.useRealTimers();
});

function authenticator(mappings: readonly ClaimsMapping[] = []) {
  return createOidcAuthenticator({
    verify: async (text) => {
      verified.push(text);
      if (token instanceof Error) throw token;
      return token;
    },
    subjectOf: async () => {
      asked += 1;
      return person;
    },
    mappings,
    refused: (reason) => why.push(reason),
  });
}

const change = (more: Partial<VerifiedToken>): void => {
  token = { ...(token as VerifiedToken), ...more };
};

describe('a token that was verified', () => {
  it('is not verified again for half a minute, while whose it is is asked each time', async () => {
    const { authenticate } = authenticator();
    await authenticate('t');
    vi.setSystemTime(Date.now() + 29_999);
    await authenticate('t');
    expect([verified.length, asked]).toEqual([1, 2]);
    vi.setSystemTime(Date.now() + 1);
    await authenticate('t');
    expect(verified.length).toBe(2);
  });

  it('is verified again once it is over, however short that is', async () => {
    const { authenticate } = authenticator();
    change({ expiresAt: Date.now() + 1_000 });
    await authenticate('t');
    vi.setSystemTime(Date.now() + 1_000);
    token = undefined;
    expect(await authenticate('t')).toBeUndefined();
    expect(verified.length).toBe(2);
  });

  it('is nobody’s as soon as its credential is nobody’s', async () => {
    const { authenticate } = authenticator();
    expect(await authenticate('t')).toMatchObject({ person: 'ana' });
    person = undefined;
    expect(await authenticate('t')).toBeUndefined();
  });

  it('says nothing about another one', async () => {
    const { authenticate } = authenticator();
    await authenticate('t');
    token = undefined;
    expect(await authenticate('T')).toBeUndefined();
  });

  it('is asked for again where that failed', async () => {
    const { authenticate } = authenticator();
    const good = token;
    token = new IdentityUnavailable('down');
    await expect(authenticate('t')).rejects.toThrow(IdentityUnavailable);
    token = good;
    expect(await authenticate('t')).toBeDefined();
  });
});

describe('a principal', () => {
  const now = Date.UTC(2027, 0, 1);
  it.each([
    [{}, null, null],
    [{ auth_time: now / 1000 - 60, acr: 'urn:strong' }, now - MINUTE, 'urn:strong'],
    [{ auth_time: now / 1000 - 0.0005 }, now - 1, null],
    // By a clock that is ahead: nobody proved it later than now.
    [{ auth_time: now / 1000 + 600 }, now, null],
    [{ auth_time: String(now), acr: 3 }, null, null],
    [{ auth_time: -5, acr: 'x'.repeat(201) }, null, null],
  ])('of %j proved who it is when and how the issuer says', async (claims, authenticatedAt, acr) => {
    change({ claims });
    expect(await authenticator().authenticate('t')).toEqual({
      person: 'ana',
      kind: 'human',
      credential: { kind: 'oidc', id: expect.stringMatching(/^[0-9a-f]{16}$/) },
      authenticatedAt,
      acr,
      scopes: null,
    });
  });

  it('is limited to scopes where the mapping of its issuer says so', async () => {
    const mapping: ClaimsMapping = {
      issuer: ISSUER,
      name: 'name',
      links: false,
      scopes: { claim: 'scope', prefix: 'aw:' },
    };
    change({ claims: { scope: 'openid aw:show' } });
    expect(await authenticator([mapping]).authenticate('t')).toMatchObject({ scopes: ['show'] });
    const other = { ...mapping, issuer: 'https://other.example' };
    expect(await authenticator([other]).authenticate('t')).toMatchObject({ scopes: null });
  });

  it('of a client that speaks for itself is a machine, or nobody', async () => {
    change({ ofClient: true });
    expect(await authenticator().authenticate('t')).toBeUndefined();
    expect(why.join()).toContain('no machine');
    person = { id: 'ci', roles: ['machine'] };
    expect(await authenticator().authenticate('t')).toMatchObject({ person: 'ci', kind: 'machine' });
  });
});
