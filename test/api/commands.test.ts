import { describe, expect, it } from 'vitest';
import { COMMAND_BODIES } from '../../src/contracts/commands.js';
import type { CommandName } from '../../src/domain/commands/payloads.js';
import { COMMAND_NAMES } from '../../src/domain/commands/table.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';
import { GOVERNED, PILOT, type RunningApi, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';

const exampleOf = (name: CommandName): Record<string, Json> =>
  ({ ...COMMAND_BODIES[name].example }) as Record<string, Json>;

async function started(): Promise<RunningApi> {
  const api = await runningApi();
  expect((await api.post('/v1/lifecycles', GOVERNED)).status).toBe(201);
  return api;
}

describe('a command', () => {
  it('answers the events it caused and the lifecycle as it is now', async () => {
    const api = await started();
    const before = await api.get(AT);
    const { status, body, headers } = await api.post(`${AT}/park`, {
      reason: 'The contract is being renewed.',
    });
    expect(status).toBe(200);
    expect(body.events).toEqual([`lifecycle/kyc-onboarding/${before.body.version + 1}`]);
    expect(body.replayed).toBe(false);
    expect(headers.get('etag')).toBe(`"${body.lifecycle.version}"`);
  });

  it('carries texts as digests of stored documents', async () => {
    const api = await started();
    const reason = 'The contract is being renewed.';
    await api.post(`${AT}/park`, { reason });
    const [{ payload } = { payload: {} }] = api.lifecycles.commands;
    const { reason: digest = '' } = payload as { readonly reason?: string };
    expect(await api.documents.get(digest)).toEqual({ text: reason });
    // They are somebody's own words: the digest is salted, so that it does not tell which.
    expect(digest).not.toBe(digestOf({ text: reason }));
    expect(api.documents.stored.get(digest)?.filing).toMatchObject({ subject: 'ravi' });
  });

  it('is repeated, not done again, under the same key', async () => {
    const api = await started();
    const headers = { 'idempotency-key': 'k-1' };
    const first = await api.post(`${AT}/park`, { reason: 'a' }, { headers });
    const again = await api.post(`${AT}/park`, { reason: 'a' }, { headers });
    expect([first.body.replayed, again.body.replayed]).toEqual([false, true]);
    expect(again.body.events).toEqual(first.body.events);
    const other = await api.post(`${AT}/park`, { reason: 'b' }, { headers });
    expect(other.problem).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('gets a key where it brought none, so that it can be repeated', async () => {
    const api = await started();
    const first = await api.post(`${AT}/park`, { reason: 'a' });
    const key = first.headers.get('idempotency-key') ?? '';
    const again = await api.post(`${AT}/park`, { reason: 'a' }, { headers: { 'idempotency-key': key } });
    expect(again.body.replayed).toBe(true);
  });

  it('is refused where the lifecycle has moved on from what was seen', async () => {
    const api = await started();
    const { headers } = await api.get(AT);
    const seen = { 'if-match': headers.get('etag') ?? '' };
    expect((await api.post(`${AT}/park`, { reason: 'a' }, { headers: seen })).status).toBe(200);
    const late = await api.post(`${AT}/resume`, {}, { headers: seen });
    expect(late.problem).toMatchObject({ status: 412, code: 'version-conflict' });
  });

  it('is refused with the decider’s reasons, on record, when a rule stands against it', async () => {
    const api = await started();
    const refused = await api.post(`${AT}/advance`, {}, { headers: { 'x-request-id': 'r-7' } });
    expect(refused.problem).toMatchObject({
      status: 409,
      code: 'wrong-stage',
      requestId: 'r-7',
      recorded: true,
    });
    const { entries } = await api.ledger.read('kyc-onboarding', null, 10);
    expect(entries).toMatchObject([
      { id: 'refusal/r-7', kind: 'refusal', type: 'wrong-stage', by: 'ravi', command: 'advance' },
    ]);
    const again = await api.post(`${AT}/advance`, {}, { headers: { 'x-request-id': 'r-7' } });
    expect(again.problem.recorded).toBe(true);
    expect((await api.ledger.read('kyc-onboarding', null, 10)).entries).toHaveLength(2);
  });

  it.each(COMMAND_NAMES)('%s has a body of its own that its example fits', async (name) => {
    const api = await started();
    const answer = await api.post(`${AT}/${name}`, exampleOf(name), { as: 'asha' });
    expect(answer.body.code).not.toBe('invalid-body');
    expect(answer.status).toBeLessThan(500);
    const unknown = await api.post(`${AT}/${name}`, { ...exampleOf(name), surprise: 1 });
    expect(unknown.problem).toMatchObject({ status: 422, code: 'invalid-body' });
    expect(unknown.problem.reasons).toContainEqual(expect.objectContaining({ pointer: '/surprise' }));
  });

  it('lets a partner pass a pilot with one call', async () => {
    const api = await runningApi();
    const { body } = await api.post('/v1/lifecycles', PILOT);
    const [gate = null] = body.gates;
    const decided = await api.post(
      '/v1/lifecycles/meeting-notes/decide',
      {
        gate: 'start',
        generation: 1,
        subject: gate?.subject ?? null,
        decision: 'approve',
        comment: 'Go.',
      },
      { as: 'priya' },
    );
    expect(decided).toMatchObject({
      status: 200,
      body: { lifecycle: { gates: [{ status: 'confirming' }] } },
    });
  });
});

describe('a command whose outcome does not come', () => {
  it('is 503 with the key to repeat it', async () => {
    const api = await started();
    api.lifecycles.condition = 'no-worker';
    const { problem, headers } = await api.post(`${AT}/park`, { reason: 'a' });
    expect(problem).toMatchObject({ status: 503, code: 'outcome-unknown' });
    expect(headers.get('idempotency-key')).toBeTruthy();
  });

  it.each(['stop-ship', 'hold'] as const)(
    'is handed over as a signal under the same id if it is %s',
    async (name) => {
      const api = await started();
      for (const condition of ['no-worker', 'stuck'] as const) {
        api.lifecycles.condition = condition;
        const { status, body } = await api.post(`${AT}/${name}`, exampleOf(name), {
          as: 'meera',
        });
        expect(status).toBe(202);
        expect(api.lifecycles.signalled.at(-1)).toEqual({ name, id: body.id });
      }
    },
  );

  it('says when the lifecycle itself cannot go on, and when the engine is away', async () => {
    const api = await started();
    api.lifecycles.condition = 'stuck';
    expect((await api.post(`${AT}/park`, { reason: 'a' })).problem.code).toBe('lifecycle-stuck');
    api.lifecycles.condition = 'unreachable';
    const away = await api.post(`${AT}/park`, { reason: 'a' });
    expect(away.problem).toMatchObject({ status: 503, code: 'temporal-unavailable' });
    expect(away.headers.get('retry-after')).toBe('2');
  });
});
