/** Ids of others, wherever one can be written: what there is and what there is not are answered alike. */
import { describe, expect, it } from 'vitest';
import { MemoryLedger } from '../memory-ledger.js';
import { MemoryReadModel, rowOf, waitingFor } from '../memory-read-model.js';
import { type Answer, GOVERNED, runningApi } from '../running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';
/** Of the tax team only. */
const stranger = { as: 'hari' } as const;

const without = (text: string, ...ids: readonly string[]): string =>
  ids.reduce((left, id) => left.replaceAll(id, ''), text.replace(/"requestId":"[^"]*"/, ''));

const alike = (one: Answer, other: Answer, ...ids: readonly string[]): void =>
  expect([one.status, without(one.text, ...ids)]).toEqual([other.status, without(other.text, ...ids)]);

async function started() {
  const api = await runningApi();
  expect((await api.post('/v1/lifecycles', GOVERNED)).status).toBe(201);
  return api;
}

describe('somebody of another team', () => {
  it('is answered alike on what there is and on what there is not, the engine away or not', async () => {
    const api = await started();
    for (const condition of ['well', 'no-worker', 'unreachable'] as const) {
      api.lifecycles.condition = condition;
      const places = ['', '/timeline', '/events', '/specs/1', '/specs/1/overview', '/evidence?cursor=3'];
      for (const below of [...places, '/specs/1/alerting-rules']) {
        const headers = { 'last-event-id': '1' };
        const theirs = await api.get(AT + below, { ...stranger, headers });
        const none = await api.get(`/v1/lifecycles/nowhere${below}`, { ...stranger, headers });
        alike(theirs, none, 'kyc-onboarding', 'nowhere');
      }
    }
  });

  it('cannot repeat a command of somebody with its key, nor learn that there was one', async () => {
    const api = await started();
    const headers = { 'idempotency-key': 'k-1' };
    const body = { reason: 'later' };
    expect((await api.post(`${AT}/park`, body, { as: 'asha', headers })).status).toBe(200);
    const again = await api.post(`${AT}/park`, body, { ...stranger, headers });
    const none = await api.post('/v1/lifecycles/nowhere/park', body, { ...stranger, headers });
    alike(again, none, 'kyc-onboarding', 'nowhere');
    // Nor can a colleague: it is their own key, and so a command of its own.
    const colleague = await api.post(`${AT}/park`, body, { as: 'nikhil', headers });
    expect(colleague.problem).toMatchObject({ code: 'unchanged' });
  });

  it('finds nothing by filters, cursors and the inbox', async () => {
    const ledger = new MemoryLedger();
    const readModel = new MemoryReadModel(ledger);
    readModel.add(rowOf('kyc'), [waitingFor(['hari'])]);
    const api = await runningApi({ ledger, readModel });
    for (const query of [
      '',
      '?team=broker-onboarding',
      '?q=kyc',
      '?owner=asha',
      '?waitingOn=hari',
      '?sort=key&cursor=0',
    ]) {
      const theirs = await api.get(`/v1/lifecycles${query}`, stranger);
      expect([query, theirs.body]).toEqual([query, { items: [], nextCursor: null }]);
    }
    alike(
      await api.get('/v1/lifecycles?team=broker-onboarding', stranger),
      await api.get('/v1/lifecycles?team=nowhere', stranger),
    );
    expect((await api.get('/v1/inbox', stranger)).body.items).toEqual([]);
    expect((await api.get('/v1/portfolio', stranger)).body).toMatchObject({ open: 0, byTeam: [] });
  });

  it('is refused export, checkpoints and erasure before anything is looked up', async () => {
    const api = await started();
    alike(
      await api.get('/v1/ledger/export?lifecycle=kyc-onboarding', stranger),
      await api.get('/v1/ledger/export?lifecycle=nowhere', stranger),
    );
    alike(
      await api.post('/v1/ledger/erasures', { subject: 'asha', reason: 'a' }, stranger),
      await api.post('/v1/ledger/erasures', { subject: 'nobody', reason: 'a' }, stranger),
    );
    expect((await api.get('/v1/ledger/checkpoints?cursor=x', stranger)).status).toBe(403);
  });

  it('leaves nothing in the ledger of a lifecycle whose key they wanted', async () => {
    const api = await started();
    const theirs = { ...GOVERNED, team: 'tax-filing', facts: { weather: 'fine' } };
    expect((await api.post('/v1/lifecycles', theirs, stranger)).status).toBe(422);
    expect((await api.post('/v1/lifecycles', GOVERNED, stranger)).status).toBe(403);
    expect(api.ledger.chain('kyc-onboarding')).toEqual([]);
  });
});

describe('a token that is limited', () => {
  const limited = (...scopes: readonly string[]) => ({
    authenticator: {
      authenticate: async () => ({
        person: 'ci',
        kind: 'machine' as const,
        credential: { kind: 'api-key' as const, id: 'k1' },
        authenticatedAt: null,
        acr: null,
        scopes,
      }),
    },
  });

  it('opens what it names and nothing else, and does not learn what there is', async () => {
    const api = await runningApi(limited('add-evidence', 'show'));
    const refused = await api.get(`${AT}/timeline`);
    expect(refused.problem).toMatchObject({
      status: 403,
      code: 'not-permitted',
      reasons: [{ fact: 'scope' }],
    });
    alike(refused, await api.get('/v1/lifecycles/nowhere/timeline'));
    expect((await api.get(AT)).status).toBe(404);
    expect((await api.post(`${AT}/add-evidence`, {})).status).toBe(404);
    expect((await api.get('/v1/inbox')).problem.reasons[0]?.fact).toBe('scope');
    expect((await (await runningApi(limited())).get(AT)).status).toBe(403);
  });

  it('is told only of commands that it covers', async () => {
    const { lifecycles } = await started();
    const view = async (...scopes: readonly string[]) =>
      (await (await runningApi({ gateway: lifecycles, ...limited(...scopes) })).get(AT)).body;
    expect((await view('show', 'add-evidence', 'report-breach')).allowedCommands).toEqual(['add-evidence']);
    const { allowedCommands, refused } = await view('show');
    expect(allowedCommands).toEqual([]);
    expect(refused['add-evidence']?.[0]).toMatchObject({ code: 'not-permitted', fact: 'scope' });
  });
});
