import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, exportJWK } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIssuer } from '../../../src/identity/oidc/issuer.js';
import { createVerifier } from '../../../src/identity/oidc/verify-token.js';
import { IdentityUnavailable } from '../../../src/ports/authenticator.js';
import { AUDIENCE, encoded, loopbackIssuer, makeKey, seconds, signed } from './loopback-issuer.js';

const rsa = makeKey('rsa-1', 'RS256');
const ec = makeKey('ec-1', 'ES256');
const ed = makeKey('ed-1', 'Ed25519');
const stranger = makeKey('ec-1', 'ES256');

let issuer: Awaited<ReturnType<typeof loopbackIssuer>>;
let verify: ReturnType<typeof createVerifier>;
let why: string[];

function verifying(name = issuer.name, cooldownMs?: number) {
  const one = createIssuer(name, cooldownMs === undefined ? {} : { cooldownMs });
  return createVerifier([one], AUDIENCE, (reason) => why.push(reason));
}

beforeEach(async () => {
  why = [];
  issuer = await loopbackIssuer([rsa, ec, ed]);
  verify = verifying();
});

const good = (claims = {}, header = {}) => signed(ec, issuer.name, claims, header);

describe('a token that is good', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', ec],
    ['Ed25519', ed],
  ] as const)('by %s says who it is', async (_alg, key) => {
    const iat = seconds();
    expect(await verify(await signed(key, issuer.name, { iat }))).toMatchObject({
      issuer: issuer.name,
      subject: 'u-1',
      issuedAt: iat * 1000,
      ofClient: false,
    });
  });

  it.each([
    ['of type JWT', {}, { typ: 'JWT' }],
    ['of type application/at+jwt', {}, { typ: 'application/at+jwt' }],
    ['for several audiences', { aud: ['other', AUDIENCE] }, {}],
    ['over for less than the skew', { exp: seconds() - 10 }, {}],
    ['not valid for less than the skew', { nbf: seconds() + 20 }, {}],
    ['without iat', { iat: undefined }, {}],
    ['that says what it is for, and has the nonce of the sign-in', { typ: 'Bearer', nonce: 'n' }, {}],
    ['with a header that says where keys are, which nobody follows', {}, { jku: 'http://127.0.0.1:1/keys' }],
  ])('%s', async (_what, claims, header) => {
    expect(await verify(await good(claims, header))).toMatchObject({ subject: 'u-1' });
  });

  it.each([
    [{ sub: 'robot', client_id: 'robot' }, true],
    [{ sub: 'robot', azp: 'robot' }, true],
    [{ sub: 'robot@clients', azp: 'robot', gty: 'client-credentials' }, true],
    [{ sub: 'a1', azp: 'robot', idtyp: 'app' }, true],
    [{ sub: 'a1', client_id: 'cli', azp: 'cli' }, false],
  ])('of %j is told apart from one of a client that speaks for itself', async (claims, ofClient) => {
    expect(await verify(await good(claims))).toMatchObject({ ofClient });
  });
});

/** A token signed by anything, its parts as they are given. */
function forged(header: unknown, claims: unknown, signature: (input: string) => string | Buffer): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  const made = signature(input);
  return `${input}.${typeof made === 'string' ? made : made.toString('base64url')}`;
}

const claimsOf = (more = {}) => ({
  iss: issuer.name,
  sub: 'u-1',
  aud: AUDIENCE,
  iat: seconds(),
  exp: seconds() + 300,
  ...more,
});
const byEs256 = (key: typeof ec.privateKey) => (input: string) =>
  sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
const hmac = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest();

/** Every one of them is refused, as the name says why. */
const CORPUS: Record<string, () => string | Promise<string>> = {
  'alg none, without a signature': () => forged({ alg: 'none', typ: 'at+jwt' }, claimsOf(), () => ''),
  'alg None, in other letters': () => forged({ alg: 'nOnE', typ: 'at+jwt' }, claimsOf(), () => ''),
  'alg none, with the signature of a good token': async () => {
    const [, , signature = ''] = (await good()).split('.');
    return forged({ alg: 'none', kid: ec.kid, typ: 'at+jwt' }, claimsOf(), () => signature);
  },
  'key confusion: HS256 with the public key as PEM': () =>
    forged(
      { alg: 'HS256', kid: rsa.kid, typ: 'at+jwt' },
      claimsOf(),
      hmac(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    ),
  'key confusion: HS256 with the public key as DER': () =>
    forged(
      { alg: 'HS256', kid: rsa.kid, typ: 'at+jwt' },
      claimsOf(),
      hmac(rsa.publicKey.export({ type: 'spki', format: 'der' })),
    ),
  'key confusion: HS256 with the published JWK': async () =>
    forged(
      { alg: 'HS256', kid: rsa.kid, typ: 'at+jwt' },
      claimsOf(),
      hmac(JSON.stringify(await exportJWK(rsa.publicKey))),
    ),
  'key confusion: HS256 with an empty secret': () =>
    forged({ alg: 'HS256', kid: rsa.kid, typ: 'at+jwt' }, claimsOf(), hmac('')),
  'the algorithm of another key': () =>
    forged({ alg: 'RS256', kid: ec.kid, typ: 'at+jwt' }, claimsOf(), byEs256(ec.privateKey)),
  'an algorithm that is none': () =>
    forged({ alg: 'ES257', kid: ec.kid, typ: 'at+jwt' }, claimsOf(), byEs256(ec.privateKey)),
  'a signature by another key': () => signed(stranger, issuer.name),
  'a signature of zeros, which broken verifiers take': () =>
    forged({ alg: 'ES256', kid: ec.kid, typ: 'at+jwt' }, claimsOf(), () => Buffer.alloc(64)),
  'no signature': async () => (await good()).replace(/[^.]*$/, ''),
  'claims that were changed': async () => {
    const [header = '', , signature = ''] = (await good()).split('.');
    return `${header}.${encoded(claimsOf({ sub: 'u-2' }))}.${signature}`;
  },
  'a header that was changed': async () => {
    const token = await good();
    const header = { ...decodeProtectedHeader(token), more: 1 };
    return token.replace(/^[^.]*/, encoded(header));
  },
  'a signature that was changed in one character': async () => {
    const token = await good();
    const at = token.length - 10;
    return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
  },
  'another audience': () => good({ aud: 'another' }),
  'an audience that only begins like ours': () => good({ aud: `${AUDIENCE}-test` }),
  'no audience': () => good({ aud: undefined }),
  'another issuer': () => good({ iss: 'https://evil.example' }),
  'an issuer that differs by a slash': () => good({ iss: `${issuer.name}/` }),
  'an issuer that begins like ours': () => good({ iss: `${issuer.name}.evil.example` }),
  'issuers as a list': () => good({ iss: [issuer.name] }),
  'no issuer': () => good({ iss: undefined }),
  'no type': () => good({}, { typ: undefined }),
  'the type of an identity token for clients': () => good({}, { typ: 'id+jwt' }),
  'the type of a logout token': () => good({}, { typ: 'logout+jwt' }),
  'the type of a security event': () => good({}, { typ: 'secevent+jwt' }),
  'an ID token that calls itself JWT: it has a nonce': () => good({ nonce: 'n' }, { typ: 'JWT' }),
  'an ID token that calls itself JWT: it has the hash of an access token': () =>
    good({ at_hash: 'h' }, { typ: 'JWT' }),
  'an ID token that says so in a claim': () => good({ typ: 'ID', nonce: 'n' }, { typ: 'JWT' }),
  'a refresh token that says so in a claim': () => good({ typ: 'Refresh' }, { typ: 'JWT' }),
  'a logout token that calls itself JWT': () => good({ events: {} }, { typ: 'JWT' }),
  expired: () => good({ exp: seconds() - 61 }),
  'expired long ago, with a long skew in mind': () => good({ exp: seconds() - 86_400 }),
  'without an end': () => good({ exp: undefined }),
  'with an end that is no number': () => good({ exp: '9999999999' }),
  'not valid yet': () => good({ nbf: seconds() + 61 }),
  'issued in the future': () => good({ iat: seconds() + 3_600 }),
  'with an iat that is no number': () => good({ iat: 'now' }),
  'about nobody': () => good({ sub: undefined }),
  'about somebody empty': () => good({ sub: '' }),
  'about a list of people': () => good({ sub: ['u-1', 'u-2'] }),
  'about somebody whose name does not end': () => good({ sub: 'x'.repeat(256) }),
  'kid that walks out of a folder': () => good({}, { kid: '../../../../dev/null' }),
  'kid that is a statement': () => good({}, { kid: "' OR 1=1 --" }),
  'kid that is a command': () => good({}, { kid: '$(touch pwned)' }),
  'kid that is an address': () => good({}, { kid: 'http://127.0.0.1:1/key' }),
  'kid of a prototype': () => good({}, { kid: '__proto__' }),
  'kid that nobody knows': () => good({}, { kid: 'unknown' }),
  'kid that is no text': () => good({}, { kid: { $ne: null } }),
  'kid that does not end': () => good({}, { kid: 'k'.repeat(257) }),
  'no kid where several keys could be meant': async () => {
    await issuer.publish(ec, makeKey('ec-2', 'ES256'));
    return good({}, { kid: undefined });
  },
  'kid that two keys have': async () => {
    await issuer.publish(ec, makeKey(ec.kid, 'ES256'));
    return good();
  },
  'kid that the header has twice': () =>
    forged(
      `{"alg":"ES256","kid":"nobody","typ":"at+jwt","kid":"${ec.kid}"}`,
      claimsOf(),
      byEs256(ec.privateKey),
    ),
  'alg that the header has twice': () =>
    forged(
      `{"alg":"none","typ":"at+jwt","kid":"${ec.kid}","alg":"ES256"}`,
      claimsOf(),
      byEs256(ec.privateKey),
    ),
  'kid that the header has twice, once in disguise': () =>
    forged(
      `{"alg":"ES256","\\u006bid":"nobody","typ":"at+jwt","kid":"${ec.kid}"}`,
      claimsOf(),
      byEs256(ec.privateKey),
    ),
  'a key in its own header (jwk)': async () =>
    signed(stranger, issuer.name, {}, { jwk: await exportJWK(stranger.publicKey), kid: undefined }),
  'a key of the issuer that the issuer only encrypts with': async () => {
    issuer.published.keys = issuer.published.keys.map((key) => ({ ...key, use: 'enc' }));
    return good();
  },
  'a weak key': async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    issuer.published.keys = [{ ...(await exportJWK(publicKey)), kid: 'weak' }];
    return forged({ alg: 'RS256', kid: 'weak', typ: 'at+jwt' }, claimsOf(), (input) =>
      sign('sha256', Buffer.from(input), privateKey),
    );
  },
  'a symmetric key that the issuer publishes': () => {
    issuer.published.keys = [{ kty: 'oct', kid: 'shared', k: Buffer.from('shared').toString('base64url') }];
    return forged({ alg: 'HS256', kid: 'shared', typ: 'at+jwt' }, claimsOf(), hmac('shared'));
  },
  'a critical header that we do not know': () =>
    forged(
      { alg: 'ES256', kid: ec.kid, typ: 'at+jwt', crit: ['x'], x: 1 },
      claimsOf(),
      byEs256(ec.privateKey),
    ),
  'a payload that is not encoded': () =>
    forged(
      { alg: 'ES256', kid: ec.kid, typ: 'at+jwt', b64: false, crit: ['b64'] },
      claimsOf(),
      byEs256(ec.privateKey),
    ),
  'claims that are no object': () =>
    forged({ alg: 'ES256', kid: ec.kid, typ: 'at+jwt' }, '[]', byEs256(ec.privateKey)),
  'claims that are no JSON': () =>
    forged({ alg: 'ES256', kid: ec.kid, typ: 'at+jwt' }, 'hello', byEs256(ec.privateKey)),
  'a header that is no object': () => forged('null', claimsOf(), byEs256(ec.privateKey)),
  oversized: () => good({ padding: 'x'.repeat(9_000) }),
  'an encrypted one': () => ['a', 'b', 'c', 'd', 'e'].map(encoded).join('.'),
  'two parts': () => `${encoded({ alg: 'none' })}.${encoded({})}`,
  nothing: () => '',
  'a word': () => 'token',
  dots: () => '..',
};

describe('a token that is refused', () => {
  it.each(Object.keys(CORPUS))('%s', async (name) => {
    const token = await CORPUS[name]?.();
    expect(token).toBeTypeOf('string');
    expect(await verify(token ?? '')).toBeUndefined();
    expect(why).toHaveLength(1);
    expect(why.join()).not.toContain(token || 'an empty one says nothing');
  });

  it('leads nowhere: jku and x5u are never asked, whoever signed', async () => {
    const evil = await loopbackIssuer([stranger]);
    for (const header of [
      { jku: `${evil.name}/jwks` },
      { x5u: `${evil.name}/cert` },
      { jku: `${evil.name}/jwks`, kid: 'elsewhere' },
    ]) {
      expect(await verify(await signed(stranger, issuer.name, {}, header))).toBeUndefined();
      expect(await verify(await signed(stranger, evil.name, {}, header))).toBeUndefined();
    }
    expect(evil.asked).toEqual([]);
  });

  it('of one issuer is not good for another of ours', async () => {
    const other = await loopbackIssuer([stranger]);
    const both = createVerifier(
      [createIssuer(issuer.name), createIssuer(other.name)],
      AUDIENCE,
      () => undefined,
    );
    expect(await both(await signed(stranger, other.name))).toMatchObject({ issuer: other.name });
    expect(await both(await signed(stranger, issuer.name))).toBeUndefined();
    expect(await both(await signed(ec, other.name))).toBeUndefined();
  });
});

describe('whatever it is', () => {
  it('no character of header or claims can be another one', async () => {
    const token = await good();
    const signedPart = token.lastIndexOf('.');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(signedPart - 1),
        fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'.split('')),
        async (at, character) => {
          fc.pre(token[at] !== character);
          expect(await verify(token.slice(0, at) + character + token.slice(at + 1))).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a text by chance is refused, and nothing is thrown', async () => {
    const part = fc.oneof(
      fc.base64String().map((text) => text.replace(/=+$/, '')),
      fc.json().map(encoded),
      fc.record({ alg: fc.constantFrom('none', 'ES256', 'HS256'), typ: fc.constant('JWT') }).map(encoded),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
        expect(await verify(parts.join('.'))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
    expect(issuer.asked).toEqual([]);
  });
});

describe('keys of an issuer', () => {
  it('that are new are found, and one that is withdrawn counts no more once they are read again', async () => {
    verify = verifying(issuer.name, 0);
    expect(await verify(await good())).toBeDefined();
    const next = makeKey('ec-2');
    await issuer.publish(next);
    expect(await verify(await signed(next, issuer.name))).toBeDefined();
    expect(await verify(await good())).toBeUndefined();
  });

  it('are asked for once, however many tokens with unknown kids come', async () => {
    await verify(await good());
    const token = await good({}, { kid: 'unknown' });
    for (let n = 0; n < 20; n++) expect(await verify(token)).toBeUndefined();
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });

  it.each([
    ['nobody answers', () => issuer.stop()],
    ['it fails', () => answer(500, '')],
    ['it sends us elsewhere', () => answer(302, '')],
    ['it answers no JSON', () => answer(200, '<html>')],
    ['it answers no keys', () => answer(200, JSON.stringify({ issuer: issuer.name, jwks_uri: 5 }))],
    [
      'it calls itself another',
      () => {
        issuer.published.issuer = 'https://evil.example';
      },
    ],
    [
      'its keys are to be had without TLS',
      () => answer(200, JSON.stringify({ issuer: issuer.name, jwks_uri: 'http://keys.example/jwks' })),
    ],
  ])('that cannot be had, because %s, refuse nobody and let nobody in', async (_why, breakIt) => {
    await Promise.resolve(breakIt());
    await expect(verify(await good())).rejects.toThrow(IdentityUnavailable);
    const asked = issuer.asked.length;
    await expect(verify(await good())).rejects.toThrow(IdentityUnavailable);
    expect(issuer.asked.length).toBeLessThanOrEqual(asked + 1);
    expect(why).toEqual([]);
  });

  it('are not asked for by a token of a stranger', async () => {
    await issuer.stop();
    expect(await verify(await signed(stranger, 'https://evil.example'))).toBeUndefined();
  });
});

function answer(status: number, text: string): void {
  issuer.published.instead = (_request, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(text);
  };
}

it('the corpus is of tokens that would be good but for what they are named after', async () => {
  expect(decodeJwt(await good())).toMatchObject(
    claimsOf({ exp: expect.any(Number), iat: expect.any(Number) }),
  );
  expect(Object.keys(CORPUS).length).toBeGreaterThan(60);
});
