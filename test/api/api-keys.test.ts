import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { createApiKeyAuthenticator, createApiKeys } from '../../src/identity/api-keys.js';
import { byForm } from '../../src/identity/by-form.js';
import { createDevAuthenticator } from '../../src/identity/dev-tokens.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';
import { GOVERNED, type RunningApi, runningApi } from './running-api.js';

const DAY_MS = 86_400_000;
const WANTED = { person: 'ci', label: 'build-server', scopes: ['show', 'add-evidence'] };

interface Made {
  readonly key: { readonly id: string; readonly expiresAt: number };
  readonly token: string;
}

let database: Pools;
let api: RunningApi;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const people = createPeopleFile('examples/people.yaml');
  const ledger = createPostgresLedger(database.app);
  api = await runningApi({
    apiKeys: createApiKeys({ pool: database.app, ledgerOn: createPostgresLedger }),
    authenticator: byForm({
      apiKeys: createApiKeyAuthenticator(database.app, people),
      dev: createDevAuthenticator(people),
    }),
    ledger,
  });
});

async function made(wanted: object = WANTED, headers: Record<string, string> = {}): Promise<Made> {
  const answer = await api.send('POST', '/v1/api-keys', { ...WANTED, ...wanted }, { as: 'ira', headers });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return JSON.parse(answer.text) as Made;
}

const by = (token: string) => ({ as: null, headers: { authorization: `Bearer ${token}` } });

describe('keys of machines over HTTP', () => {
  it('are shown once, good for ninety days, and listed without what opens', async () => {
    const before = Date.now();
    const { key, token } = await made();
    expect(token).toMatch(/^aw_/);
    expect(Math.round((key.expiresAt - before) / DAY_MS)).toBe(90);
    const listed = await api.get('/v1/api-keys?person=ci', { as: 'ira' });
    expect(listed.headers.get('cache-control')).toBe('no-store');
    expect(listed.text).toContain(key.id);
    expect(listed.text).not.toContain(token.slice(20));
    expect(api.lines.join('')).not.toContain(token.slice(20));
  });

  it('open what they are scoped to, and nothing else', async () => {
    await api.post('/v1/lifecycles', GOVERNED);
    const { token } = await made({ scopes: ['show'] });
    expect((await api.get('/v1/lifecycles/kyc-onboarding', by(token))).status).toBe(200);
    const refused = await api.get('/v1/lifecycles', by(token));
    expect(refused.problem).toMatchObject({
      status: 403,
      code: 'not-permitted',
      reasons: [{ fact: 'scope' }],
    });
  });

  it('open nothing from the second after they are revoked', async () => {
    const { key, token } = await made({ scopes: ['list'] });
    expect((await api.get('/v1/lifecycles', by(token))).status).toBe(200);
    const revoked = await api.send('DELETE', `/v1/api-keys/${key.id}`, undefined, { as: 'ira' });
    expect(revoked).toMatchObject({ status: 200, body: { id: key.id, revokedBy: 'ira' } });
    await expect
      .poll(async () => (await api.get('/v1/lifecycles', by(token))).status, { timeout: 1_500 })
      .toBe(401);
    const again = await api.send('DELETE', `/v1/api-keys/${key.id}`, undefined, { as: 'ira' });
    expect(again.status).toBe(200);
  });

  it('are made once by one request, which cannot show them again', async () => {
    const headers = { 'idempotency-key': `once-${Date.now()}` };
    const { key } = await made({}, headers);
    const again = await api.post('/v1/api-keys', WANTED, { as: 'ira', headers });
    expect(again.problem).toMatchObject({ status: 409, code: 'exists' });
    expect(again.problem.detail).toContain(key.id);
  });

  it.each([
    ['asha', 'a human who is no administrator'],
    ['zoya', 'an auditor'],
    ['ci', 'a machine'],
  ])('are not for %s, %s', async (as) => {
    const { key } = await made();
    const asked = [
      await api.get('/v1/api-keys', { as }),
      await api.post('/v1/api-keys', WANTED, { as }),
      await api.send('DELETE', `/v1/api-keys/${key.id}`, undefined, { as }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  it.each([
    ['of a human', { person: 'ravi' }, 'unknown-person', '/person'],
    ['of nobody', { person: 'nobody' }, 'unknown-person', '/person'],
    ['without scopes', { scopes: [] }, 'invalid-body', '/scopes'],
    ['for what there is not', { scopes: ['everything'] }, 'invalid-body', '/scopes/0'],
    ['that is over', { expiresAt: '2020-01-01T00:00:00Z' }, 'invalid-body', '/expiresAt'],
    ['for ever', { expiresAt: '2999-01-01T00:00:00Z' }, 'invalid-body', '/expiresAt'],
    ['with a sentence for a label', { label: 'Build server!' }, 'invalid-body', '/label'],
    ['with a secret of one’s own', { token: 'aw_x' }, 'invalid-body', '/token'],
  ])('%s are refused', async (_what, wanted, code, pointer) => {
    const { problem } = await api.post('/v1/api-keys', { ...WANTED, ...wanted }, { as: 'ira' });
    expect(problem).toMatchObject({ status: 422, code, reasons: [{ pointer }] });
  });

  it('that are none cannot be revoked', async () => {
    const answer = await api.send('DELETE', '/v1/api-keys/none', undefined, { as: 'ira' });
    expect(answer.problem).toMatchObject({ status: 404, code: 'not-found' });
  });
});
