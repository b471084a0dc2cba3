import { describe, expect, it } from 'vitest';
import { GOVERNED, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';

describe('who may call', () => {
  it.each([
    ['without a token', null],
    ['with an unknown token', 'nobody'],
  ])('nobody %s', async (_what, as) => {
    const api = await runningApi();
    const { problem, headers } = await api.get(AT, { as });
    expect(problem).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('members of the team and, to read, auditors', async () => {
    const api = await runningApi();
    await api.post('/v1/lifecycles', GOVERNED);
    expect((await api.get(AT, { as: 'gita' })).status).toBe(200);
    expect((await api.get(AT, { as: 'zoya' })).status).toBe(200);
    const auditor = await api.post(`${AT}/park`, { reason: 'a' }, { as: 'zoya' });
    expect(auditor.problem).toMatchObject({ status: 403, code: 'not-permitted', recorded: true });
    const stranger = await api.get(AT, { as: 'hari' });
    expect(stranger.problem).toMatchObject({ status: 404, code: 'not-found' });
    await expect
      .poll(() => api.ledger.chain('kyc-onboarding'))
      .toMatchObject([
        { by: 'zoya', command: 'park', type: 'not-permitted', data: { action: 'park' } },
        { by: 'hari', command: null, type: 'not-permitted', data: { action: 'show' } },
      ]);
  });

  it('auditors, to ratify what went past the system and to set a legal hold', async () => {
    const api = await runningApi();
    await api.post('/v1/lifecycles', GOVERNED);
    const finding = { id: 'finding/kyc-onboarding/1', kind: 'reset', gate: null, detail: 'reset' } as const;
    api.lifecycles.entity('kyc-onboarding').report({ type: 'finding', finding }, Date.now());
    const reason = 'agreed with us';
    const ratified = await api.post(`${AT}/ratify-finding`, { finding: finding.id, reason }, { as: 'zoya' });
    expect(ratified.body.lifecycle.findings).toMatchObject([{ ratifiedBy: ['zoya'], missing: ['approver'] }]);
    const held = await api.post(`${AT}/set-legal-hold`, { on: true, reason }, { as: 'zoya' });
    expect(held.body.lifecycle.legalHold).toMatchObject({ by: 'zoya' });
    const stranger = await api.post(`${AT}/set-legal-hold`, { on: false, reason }, { as: 'hari' });
    expect(stranger.problem).toMatchObject({ status: 404, code: 'not-found' });
    const frozen = await api.post(`${AT}/override-tier`, { tier: 'low', reason }, { as: 'rohan' });
    expect(frozen.problem).toMatchObject({ status: 409, code: 'gate-frozen' });
  });

  it('only this machine, by its own names, in development', async () => {
    const api = await runningApi();
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(
        { port: api.port, path: '/healthz', headers: { host: 'rebound.example' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      asked.on('error', reject).end();
    });
    expect(status).toBe(403);
  });

  it('with a development token, which exists with trust `dev` only', async () => {
    const api = await runningApi();
    const { body } = await api.post('/v1/dev/token', { person: 'asha' }, { as: null });
    expect(body).toEqual({ person: 'asha', token: 'dev-asha' });
    const unknown = await api.post('/v1/dev/token', { person: 'nobody' }, { as: null });
    expect(unknown.problem).toMatchObject({
      status: 422,
      code: 'unknown-person',
      reasons: [{ pointer: '/person' }],
    });

    const signed = await runningApi({ trust: 'signed' });
    expect((await signed.post('/v1/dev/token', { person: 'asha' })).status).toBe(404);
  });

  it('leaves no token in the log', async () => {
    const api = await runningApi();
    await api.get(AT);
    await api.post('/v1/dev/token', { person: 'asha' }, { as: null });
    expect(api.lines.length).toBeGreaterThan(0);
    expect(api.lines.join('')).not.toMatch(/dev-(ravi|asha)/);
  });
});
