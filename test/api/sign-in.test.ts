import { describe, expect, it } from 'vitest';
import { signInAnswer } from '../../src/contracts/sign-in.js';
import { IdentityUnavailable } from '../../src/ports/authenticator.js';
import { DirectoryUnavailable, type Person } from '../../src/ports/directory.js';
import { runningApi } from './running-api.js';

const WHERE = '/.well-known/oauth-protected-resource';
const signIn = { issuers: ['https://login.example'], audience: 'https://api.example', clientId: 'cli' };
const ravi: Person = { id: 'ravi', name: 'Ravi', functions: [], teams: [], roles: [], active: true };
const principal = {
  person: 'ravi',
  kind: 'human',
  credential: { kind: 'oidc', id: 'c' },
  authenticatedAt: null,
  acr: null,
  scopes: null,
} as const;

/** An API where every token is Ravi's, and that knows him as it is told. */
async function knowing(person: () => Promise<Person | undefined>) {
  const none = async () => undefined;
  return runningApi({
    trust: 'signed',
    signIn,
    authenticator: { authenticate: async () => principal },
    directory: { person, team: none, members: async () => [] },
  });
}

describe('where tokens come from', () => {
  it('is told to whoever has none, and again with every 401', async () => {
    const api = await runningApi({ trust: 'signed', signIn, publicUrl: 'https://api.example' });
    const { status, text } = await api.get(WHERE, { as: null });
    expect(status).toBe(200);
    expect(signInAnswer.parse(JSON.parse(text))).toEqual({
      resource: 'https://api.example',
      authorization_servers: ['https://login.example'],
      bearer_methods_supported: ['header'],
      airworthy_client_id: 'cli',
    });
    const { headers } = await api.get('/v1/lifecycles', { as: null });
    expect(headers.get('www-authenticate')).toBe(`Bearer resource_metadata="https://api.example${WHERE}"`);
  });

  it('is nowhere in development', async () => {
    const api = await runningApi();
    expect(JSON.parse((await api.get(WHERE, { as: null })).text)).toMatchObject({
      authorization_servers: [],
    });
  });
});

describe('who calls', () => {
  it('is let in as whom the directory knows', async () => {
    const api = await knowing(async () => ravi);
    expect((await api.get('/v1/lifecycles')).status).toBe(200);
  });

  it.each([
    ['not active any more', { ...ravi, active: false }],
    ['in no directory', undefined],
  ])('is nobody who is %s, however good the token', async (_what, person) => {
    const api = await knowing(async () => person);
    expect((await api.get('/v1/lifecycles')).problem.code).toBe('unauthenticated');
  });

  it('is out within a second or two of leaving', async () => {
    let person: Person = ravi;
    const api = await knowing(async () => person);
    expect((await api.get('/v1/lifecycles')).status).toBe(200);
    person = { ...ravi, active: false };
    await expect
      .poll(async () => (await api.get('/v1/lifecycles')).status, { timeout: 2_000, interval: 100 })
      .toBe(401);
  });

  it.each([
    ['identity-unavailable', new IdentityUnavailable('no keys')],
    ['directory-unavailable', new DirectoryUnavailable('no people')],
  ])('is nobody while that cannot be found out: %s', async (code, error) => {
    const fail = async () => {
      throw error;
    };
    const api = await runningApi({ trust: 'signed', signIn, authenticator: { authenticate: fail } });
    const { problem, headers } = await api.get('/v1/lifecycles');
    expect(problem).toMatchObject({ status: 503, code });
    expect(headers.get('retry-after')).toBe('5');
    expect(problem.detail).not.toMatch(/no keys|no people/);
  });
});
