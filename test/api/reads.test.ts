import { describe, expect, it } from 'vitest';
import { GOVERNED, type RunningApi, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';

async function started(): Promise<RunningApi> {
  const api = await runningApi();
  await api.post('/v1/lifecycles', GOVERNED);
  return api;
}

describe('the view', () => {
  it('says what the caller may do, and why not the rest', async () => {
    const api = await started();
    const { body } = await api.get(AT, { as: 'asha' });
    expect(body.allowedCommands).toContain('park');
    expect(body.refused.advance).toMatchObject([{ code: 'wrong-stage' }]);
    expect(body.waitingOn.length).toBeGreaterThan(0);
  });

  it('is not sent again while its version is known', async () => {
    const api = await started();
    const { headers } = await api.get(AT);
    const etag = headers.get('etag') ?? '';
    expect((await api.get(AT, { headers: { 'if-none-match': etag } })).status).toBe(304);
    await api.post(`${AT}/park`, { reason: 'a' });
    expect((await api.get(AT, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('is 503 while nobody answers', async () => {
    const api = await started();
    api.lifecycles.condition = 'no-worker';
    expect((await api.get(AT)).problem).toMatchObject({ status: 503, code: 'view-unavailable' });
  });
});

describe('the timeline', () => {
  it('is read page by page', async () => {
    const api = await started();
    for (const id of ['a', 'b', 'c'])
      await api.post(`${AT}/advance`, {}, { headers: { 'x-request-id': id } });
    const first = await api.get(`${AT}/timeline?limit=2`);
    expect(first.body.items.map(({ id }) => id)).toEqual(['refusal/a', 'refusal/b']);
    const rest = await api.get(`${AT}/timeline?limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: 'refusal/c' }], nextCursor: null });
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=zzz'])('refuses %s', async (query) => {
    const api = await started();
    expect((await api.get(`${AT}/timeline?${query}`)).problem).toMatchObject({
      status: 422,
      code: 'invalid-body',
    });
  });
});

describe('the route', () => {
  it('takes assumptions, several of them', async () => {
    const api = await started();
    const { status, body } = await api.get(`${AT}/route?whatIf=without%3Dmoney&whatIf=without%3Ddata`);
    expect(status).toBe(200);
    expect(body.whatIf).toHaveLength(2);
  });

  it('refuses too many of them', async () => {
    const api = await started();
    const query = Array.from({ length: 11 }, () => 'whatIf=without%3Dmoney').join('&');
    expect((await api.get(`${AT}/route?${query}`)).problem.code).toBe('invalid-body');
  });
});

describe('operating models', () => {
  it('are listed with their questions', async () => {
    const api = await runningApi();
    const { body } = await api.get('/v1/operating-models');
    expect(body.unusable).toEqual([]);
    const standard = body.items.find(({ name }) => name === 'standard');
    expect(standard).toMatchObject({ demo: false, timeScale: 1 });
    expect(standard?.facts.map(({ id }) => id)).toContain('money');
  });
});

describe('health', () => {
  it('needs no token, and readiness names the part that is away', async () => {
    const api = await runningApi();
    expect((await api.get('/healthz', { as: null })).body).toEqual({ status: 'ok' });
    expect((await api.get('/readyz', { as: null })).body).toEqual({
      ready: true,
      temporal: 'ok',
      ledger: 'ok',
    });
    api.lifecycles.condition = 'unreachable';
    const away = await api.get('/readyz', { as: null });
    expect(away).toMatchObject({
      status: 503,
      body: { ready: false, temporal: 'unavailable', ledger: 'ok' },
    });
  });
});
