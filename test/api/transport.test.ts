import { describe, expect, it } from 'vitest';
import { GOVERNED, type RunningApi, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';

async function started(): Promise<RunningApi> {
  const api = await runningApi();
  await api.post('/v1/lifecycles', GOVERNED);
  return api;
}

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('a body', () => {
  it.each([
    ['that is no JSON', '{"reason":', 400, 'malformed-json'],
    ['of invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'malformed-json'],
    ['nested too deep', nested(40), 422, 'invalid-body'],
    ['of a hundred thousand brackets', '['.repeat(100_000) + ']'.repeat(100_000), 422, 'invalid-body'],
    ['that names a prototype', '{"reason":"a","__proto__":{"x":1}}', 422, 'invalid-body'],
    ['with half a surrogate pair', '{"reason":"\\ud800"}', 422, 'invalid-body'],
    ['that is a list', '[]', 422, 'invalid-body'],
    ['that is null', 'null', 422, 'invalid-body'],
    ['over the limit', JSON.stringify({ reason: 'x'.repeat(300_000) }), 413, 'too-large'],
    ['with a text over its limit', JSON.stringify({ reason: 'x'.repeat(9_000) }), 422, 'invalid-body'],
  ])('%s is refused and changes nothing', async (_what, raw, status, code) => {
    const api = await started();
    const { version } = (await api.get(AT)).body;
    const { problem, headers } = await api.send('POST', `${AT}/park`, undefined, { raw });
    expect(problem).toMatchObject({ status, code });
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect((await api.get(AT)).body.version).toBe(version);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])('of type %s is refused', async (type) => {
    const api = await started();
    const { problem } = await api.send('POST', `${AT}/park`, undefined, {
      raw: 'x',
      headers: { 'content-type': type },
    });
    expect(problem).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('that is compressed is refused', async () => {
    const api = await started();
    const { problem } = await api.post(
      `${AT}/park`,
      { reason: 'a' },
      { headers: { 'content-encoding': 'gzip' } },
    );
    expect(problem).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('with a field twice is read as JSON reads it', async () => {
    const api = await started();
    const answer = await api.send('POST', `${AT}/park`, undefined, { raw: '{"reason":"a","reason":"b"}' });
    expect(answer.status).toBe(200);
  });

  it('may be left out where nothing is asked', async () => {
    const api = await started();
    await api.post(`${AT}/park`, { reason: 'a' });
    expect((await api.send('POST', `${AT}/resume`)).status).toBe(200);
  });
});

describe('an address', () => {
  it.each([
    ['DELETE', AT, 'GET, HEAD'],
    ['GET', `${AT}/decide`, 'POST'],
    ['PUT', '/v1/lifecycles', 'GET, HEAD, POST'],
    ['POST', '/v1/inbox', 'GET, HEAD'],
    ['GET', '/v1/ledger/verify', 'POST'],
    ['PUT', '/healthz', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('says which methods it takes: %s %s', async (method, path, allow) => {
    const api = await started();
    const { problem, headers } = await api.send(method, path);
    expect(problem).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(headers.get('allow')).toBe(allow);
  });

  it.each([
    ['/v1/nothing', 'not-found'],
    ['/nothing', 'not-found'],
    [`${AT}/aprove`, 'not-found'],
    ['/v1/lifecycles/unknown-key', 'not-found'],
    ['/v1/lifecycles/NOT%20A%20KEY', 'not-found'],
    ['/v1/lifecycles/%E0%A4%A', 'not-found'],
  ])('that leads nowhere is a problem document: %s', async (path, code) => {
    const api = await started();
    const { problem, headers } = await api.get(path);
    expect(problem).toMatchObject({ status: 404, code });
    expect(problem.requestId).toBe(headers.get('x-request-id'));
  });
});

describe('a request id', () => {
  it('is the client’s own where it has a plain form, else a new one', async () => {
    const api = await started();
    const own = await api.get(AT, { headers: { 'x-request-id': 'trace-1' } });
    expect(own.headers.get('x-request-id')).toBe('trace-1');
    const odd = await api.get(AT, { headers: { 'x-request-id': 'a b<c' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
