import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLoginFile } from '../../../src/cli/client/logins.js';
import { readEnvironment } from '../../../src/main/environment.js';
import { openIdentity } from '../../../src/main/identity.js';
import type { Authenticator } from '../../../src/ports/authenticator.js';
import { GOVERNED, type RunningApi, runningApi } from '../../api/running-api.js';
import { callCliWith } from '../../cli/running-cli.js';
import { openDatabase, type Pools } from '../../ledger/projection/database.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { makeKey } from './loopback-issuer.js';
import { CLI_CLIENT, REDIRECT, RESOURCE, runningProvider, signInByBrowser } from './running-provider.js';

let database: Pools;
let provider: Awaited<ReturnType<typeof runningProvider>>;
let other: typeof provider;
let api: RunningApi;
let authenticator: Authenticator;
beforeAll(async () => {
  [database, provider, other] = await Promise.all([openDatabase(), runningProvider(), runningProvider()]);
});
afterAll(() => Promise.all([database.close(), provider.close(), other.close()]));

const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line) => lines.push(line) });

const people = () => `
teams:
  - {id: broker-onboarding, calendar: in-mumbai, lead: ravi, rights: {}}
people:
  - id: ravi
    name: Ravi Menon
    functions: [engineering]
    teams: [broker-onboarding]
    credentials: [{issuer: '${provider.issuer}', subject: u-ravi}, {issuer: '${other.issuer}', subject: ravi2}]
  - {id: build, name: Build, roles: [machine], teams: [broker-onboarding], credentials: [{issuer: '${provider.issuer}', subject: build-server}]}
  - {id: priya, name: Priya Nair, functions: [product], credentials: [{issuer: '${provider.issuer}', subject: other-server}]}
`;
const claims = () => `
issuers:
  - issuer: ${provider.issuer}
    functions: {claim: groups, values: {ai-risk: risk, ai-gov: [governance]}}
    teams: {claim: groups, values: {team-broker: broker-onboarding}}
    roles: {claim: groups, values: {auditors: auditor}}
`;

/** The API with everything that `up` gives it under trust `signed`, on the test's provider. */
beforeEach(async () => {
  const folder = await temporaryFolder();
  const [peopleFile, claimsFile] = [join(folder, 'people.yaml'), join(folder, 'claims.yaml')];
  await Promise.all([writeFile(peopleFile, people()), writeFile(claimsFile, claims())]);
  const environment = readEnvironment({
    AIRWORTHY_TRUST: 'signed',
    AIRWORTHY_OIDC_ISSUER: `${provider.issuer} ${other.issuer}`,
    AIRWORTHY_OIDC_AUDIENCE: RESOURCE,
    AIRWORTHY_OIDC_CLAIMS: claimsFile,
    AIRWORTHY_OIDC_CLIENT_ID: CLI_CLIENT,
    AIRWORTHY_PEOPLE: peopleFile,
  });
  lines.length = 0;
  const { close, ...identity } = await openIdentity(environment, database.app, log);
  onTestFinished(close);
  ({ authenticator } = identity);
  api = await runningApi({ trust: 'signed', ...identity });
});

const asked = (token: string, path = '/v1/lifecycles') =>
  api.get(path, { as: null, headers: { authorization: `Bearer ${token}` } });

/** A token by the authorization code flow with PKCE, as somebody at a browser. */
async function byCode(account: string, at = provider): Promise<string> {
  return (await tokensByCode(account, at))['access_token'] ?? 'none';
}

async function tokensByCode(account: string, at: typeof provider): Promise<Record<string, string>> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: CLI_CLIENT,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
    resource: RESOURCE,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { url } = await signInByBrowser(`${at.issuer}/auth?${query.toString()}`, account);
  return at.token({
    grant_type: 'authorization_code',
    client_id: CLI_CLIENT,
    code: url.searchParams.get('code') ?? '',
    code_verifier: verifier,
    redirect_uri: REDIRECT,
  });
}

const byClient = async (client: string, more = {}): Promise<string> => {
  const answer = await provider.token(
    { grant_type: 'client_credentials', resource: RESOURCE, ...more },
    client,
  );
  return answer['access_token'] ?? 'none';
};

/** How starting a lifecycle in the team goes: members learn that nobody is there yet to fill its gates. */
async function starting(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  return (await api.post('/v1/lifecycles', { ...GOVERNED, rights: {} }, { as: null, headers })).problem.code;
}

describe('people who sign in at a provider', () => {
  it('by a code are who the people file says', async () => {
    const token = await byCode('u-ravi');
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256', kid: 'first' });
    expect(await starting(token)).toBe('unstaffed');
    const { problem } = await asked(token, '/v1/ledger/checkpoints');
    expect(problem).toMatchObject({ status: 403, code: 'not-permitted' });
    expect(problem.detail).toContain('ravi is none of them');
  });

  it('say when they proved who they are, as the issuer does', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const principal = await authenticator.authenticate(await byCode('u-ravi'));
    expect(principal).toMatchObject({ person: 'ravi', kind: 'human', scopes: null });
    expect(principal?.authenticatedAt).toBeGreaterThanOrEqual(before);
    expect(principal?.authenticatedAt).toBeLessThanOrEqual(Date.now());
  });

  it('at two issuers are one person', async () => {
    const { problem } = await asked(await byCode('ravi2', other), '/v1/ledger/checkpoints');
    expect(problem.detail).toContain('ravi is none of them');
  });

  it('for the first time become people by their claims, and what changes there changes here', async () => {
    provider.groups.set('u-new', ['auditors', 'unrelated']);
    const token = await byCode('u-new');
    expect((await asked(token, '/v1/ledger/checkpoints')).problem.code).toBe('ledger-unavailable');
    provider.groups.set('u-new', ['ai-risk', 'ai-gov', 'team-broker']);
    const later = await tokenOfNextSecond('u-new');
    expect(await starting(token)).toBe('not-permitted');
    // What was known of somebody a moment ago is kept for a second.
    await expect.poll(() => starting(later), { timeout: 5_000 }).toBe('unstaffed');
    // The older token says nothing any more: what somebody may do is in the directory.
    await expect
      .poll(async () => (await asked(token, '/v1/ledger/checkpoints')).problem.code, { timeout: 5_000 })
      .toBe('not-permitted');
    const { rows } = await database.owner.query(
      `SELECT functions, roles, valid_to IS NULL AS now FROM identity.person
        WHERE source = $1 ORDER BY valid_from`,
      [provider.issuer],
    );
    expect(rows).toEqual([
      { functions: [], roles: ['auditor'], now: false },
      { functions: ['governance', 'risk'], roles: [], now: true },
    ]);
  });

  it('whom nobody knows, at an issuer without a mapping, are refused', async () => {
    const { problem, headers } = await asked(await byCode('u-unknown', other));
    expect(problem).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer resource_metadata=".*oauth-protected-resource"$/,
    );
    expect(lines.join()).toContain('nobody has this credential');
  });

  it('leave no token in the log', async () => {
    const token = await byCode('u-unknown', other);
    await asked(token);
    expect([...lines, ...api.lines].join('')).not.toContain(token.split('.')[2]);
  });
});

async function tokenOfNextSecond(account: string): Promise<string> {
  // Tokens tell seconds, and one of the same second as a change is no news.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  return byCode(account);
}

describe('machines', () => {
  it('sign in by their client credentials', async () => {
    const token = await byClient('build-server');
    expect(decodeJwt(token)).toMatchObject({ sub: 'build-server', client_id: 'build-server' });
    expect((await asked(token)).status).toBe(200);
    expect((await asked(token, '/v1/inbox')).problem.code).toBe('not-permitted');
  });

  it('are never somebody who is a human', async () => {
    expect((await asked(await byClient('other-server'))).problem.code).toBe('unauthenticated');
    expect(lines.join()).toContain('somebody who is no machine');
  });
});

describe('tokens that a provider gives for something else', () => {
  it('are refused: ID and refresh tokens, for another API, and of an issuer we were not told', async () => {
    const stranger = await runningProvider();
    onTestFinished(stranger.close);
    const { id_token: forClients = '', refresh_token: forIssuer = '' } = await tokensByCode(
      'u-ravi',
      provider,
    );
    const elsewhere = await byClient('build-server', { resource: 'https://other.example/api' });
    expect(decodeJwt(elsewhere)).toMatchObject({ sub: 'build-server', aud: 'https://other.example/api' });
    const tokens = [await byCode('u-ravi', stranger), forClients, forIssuer, elsewhere];
    for (const token of tokens) {
      expect(token.length).toBeGreaterThan(20);
      expect((await asked(token)).problem.code).toBe('unauthenticated');
    }
  });
});

describe('a provider that rotates its keys', () => {
  it('signs in by the new one at once, and by the old one while it is published', async () => {
    const [old, next] = [makeKey('old'), makeKey('next')];
    await provider.publish(old);
    const before = await byClient('build-server');
    expect(decodeProtectedHeader(before).kid).toBe('old');
    // Nothing was asked of the provider by this API so far, so it need not cool down.
    await provider.publish(next, old);
    const after = await byClient('build-server');
    expect(decodeProtectedHeader(after).kid).toBe('next');
    expect([(await asked(before)).status, (await asked(after)).status]).toEqual([200, 200]);
  });
});

describe('the command line', () => {
  it('signs in by a device code, is kept in a file of its own, and signs out', async () => {
    const path = join(await temporaryFolder(), 'logins.json');
    const logins = createLoginFile(path);
    const context = { address: api.origin, logins };
    const shown: string[] = [];
    const signingIn = callCliWith({ ...context, onErr: (line) => shown.push(line) }, 'login');
    await expect.poll(() => shown.join()).toMatch(/Open http/);
    const [, where = ''] = /Open (\S+)/.exec(shown.join('\n')) ?? [];
    const { page } = await signInByBrowser(where, 'u-ravi');
    expect(page).toContain('Sign-in Success');
    expect(await signingIn).toMatchObject({ exit: 0 });
    const listed = await callCliWith(context, 'ls');
    expect(listed).toMatchObject({ exit: 0, err: expect.stringMatching(/Your teams have no use case yet/) });

    const login = await logins.find(api.origin);
    await logins.keep(api.origin, login && { ...login, expiresAt: 0 });
    expect((await callCliWith(context, 'ls')).exit).toBe(0);
    expect((await logins.find(api.origin))?.accessToken).not.toBe(login?.accessToken);

    expect((await callCliWith(context, 'logout')).exit).toBe(0);
    expect(await callCliWith(context, 'ls')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/airworthy login/),
    });
  }, 30_000);
});
