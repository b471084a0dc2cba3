import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Answer,
  createGuardClient,
  GuardMisused,
  NotAllowed,
  pseudonymOf,
} from '../../src/guard-client/index.js';
import { AT, guardedPilot } from '../api/decision-guard/guarded-pilot.js';
import { PILOT } from '../api/running-api.js';

const DRAFT = { action: 'draft minutes', case: 'case-1', person: 'p-1' };

const clientOf = (url: string, more: object = {}) =>
  createGuardClient({ url, lifecycle: PILOT.key, apiKey: 'dev-ci', ...more });

/** A server that answers as it is told, or not at all. */
async function scripted(answers: readonly (Partial<Answer> | number | 'silent' | 'garbage')[]) {
  const keys: (string | undefined)[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']?.toString());
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer === 'silent') return;
    response.statusCode = typeof answer === 'number' ? answer : 200;
    response.end(answer === 'garbage' ? '<html>' : JSON.stringify(typeof answer === 'number' ? {} : answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

const answer = (changed: Partial<Answer> = {}): Answer => ({
  verdict: 'allow',
  clause: 'y1',
  why: 'permitted',
  says: '',
  action: null,
  item: null,
  whenUnknown: 'block',
  ...changed,
});

describe('a service that asks before it acts', () => {
  it('acts where it is allowed, and does not where it is not', async () => {
    const { api } = await guardedPilot();
    const client = clientOf(api.origin);
    let acted = 0;
    const act = async () => {
      acted += 1;
      return 'done';
    };
    expect(await client.perform(DRAFT, act)).toBe('done');
    await expect(client.perform({ ...DRAFT, action: 'n1' }, act)).rejects.toThrow(
      new NotAllowed(
        answer({ verdict: 'block', clause: 'n1', why: 'forbidden', says: 'the spec forbids it' }),
      ),
    );
    expect(acted).toBe(1);
  });

  it('waits for a person’s approval as long as it says, and uses it', async () => {
    const { api } = await guardedPilot();
    await api.post(`${AT}/hold`, { effect: 'review-all', scope: 'serving', reason: 'Look first.' });
    const client = clientOf(api.origin);
    const act = async () => 'done';
    await expect(client.perform(DRAFT, act)).rejects.toMatchObject({
      code: 'not-allowed',
      answer: { verdict: 'review' },
    });
    const performing = client.perform(DRAFT, act, { waitMs: 10_000 });
    const { item, action } = await client.check(DRAFT);
    const decision = { item: item?.item ?? '', action, decision: 'approve', reason: 'Right.' };
    expect((await api.post(`${AT}/decide-item`, decision, { as: 'priya' })).status).toBe(200);
    expect(await performing).toBe('done');
    expect(await client.use(item?.item ?? '', DRAFT)).toMatchObject({
      verdict: 'block',
      why: 'item-refused',
    });
  });

  it('is told what is wrong with the question itself', async () => {
    const { api } = await guardedPilot();
    await expect(clientOf(api.origin, { apiKey: 'none' }).check(DRAFT)).rejects.toThrow(GuardMisused);
    await expect(clientOf(api.origin, { lifecycle: 'nowhere' }).check(DRAFT)).rejects.toMatchObject({
      status: 404,
    });
    await expect(clientOf(api.origin).check({ action: '', case: 'c' })).rejects.toThrow(/action/);
    const { url } = await scripted([404]);
    await expect(clientOf(url).check(DRAFT)).rejects.toThrow('is it the address of the API?');
  });
});

describe('without an answer', () => {
  it.each(['silent', 'garbage', 500, 503, 429] as const)(
    '(%s) it blocks, or does what it was told to',
    async (nothing) => {
      const { url } = await scripted([nothing]);
      const settings = { timeoutMs: 50 };
      expect(await clientOf(url, settings).check(DRAFT)).toMatchObject({
        verdict: 'block',
        why: 'unreachable',
      });
      const lenient = clientOf(url, { ...settings, untilHeard: 'allow' });
      expect(await lenient.check(DRAFT)).toMatchObject({ verdict: 'allow', why: 'unreachable' });
    },
  );

  it.each([
    ['allow', 'allow'],
    ['review', 'block'],
    ['block', 'block'],
  ] as const)('what the spec last said is done: %s is %s', async (whenUnknown, verdict) => {
    const { url } = await scripted([answer({ whenUnknown }), answer({ whenUnknown: null }), 503]);
    const client = clientOf(url, { untilHeard: verdict === 'allow' ? 'block' : 'allow' });
    await client.check(DRAFT);
    await client.check(DRAFT);
    expect(await client.check(DRAFT)).toMatchObject({ verdict, why: 'unreachable', whenUnknown });
  });

  it('is waited for longer than the server takes to open a review, which is not taken for silence', async () => {
    const { api, lenient } = await guardedPilot();
    lenient();
    const client = clientOf(api.origin);
    expect(await client.check(DRAFT)).toMatchObject({ verdict: 'allow', whenUnknown: 'allow' });
    await api.post(`${AT}/hold`, { effect: 'review-all', scope: 'serving', reason: 'Look first.' });
    Object.defineProperty(api.inProcessItems, 'open', { value: () => new Promise(() => undefined) });
    expect(await client.check(DRAFT)).toMatchObject({ verdict: 'block', why: 'item-unknown' });
  }, 20_000);

  it.each([
    [{}, 'block'],
    [{ untilHeard: 'allow' }, 'allow'],
  ] as const)(
    'in less time than that, what may have been a review is done only if told so: %j',
    async (told, verdict) => {
      const { url } = await scripted([answer({ whenUnknown: 'allow' }), 'silent']);
      const client = clientOf(url, { timeoutMs: 200, ...told });
      await client.check(DRAFT);
      expect(await client.check(DRAFT)).toMatchObject({ verdict, why: 'unreachable' });
    },
  );

  it('the use of an approval is repeated under one key, and nothing else allows the action', async () => {
    const used = answer({ why: 'approved' });
    const lost = await scripted([503, answer({ verdict: 'block', why: 'item-unknown' }), used]);
    expect(await clientOf(lost.url).use('g-1', DRAFT)).toEqual(used);
    expect(new Set(lost.keys).size).toBe(1);
    const away = await scripted([503]);
    const lenient = clientOf(away.url, { untilHeard: 'allow' });
    expect(await lenient.use('g-1', DRAFT)).toMatchObject({ verdict: 'block', why: 'unreachable' });
    expect(away.keys).toHaveLength(3);
  });
});

describe('a pseudonym', () => {
  it('is the same for the same person, and another under another secret', () => {
    const one = pseudonymOf('secret', 'asha@example.org');
    expect(one).toMatch(/^[\w-]{22}$/);
    expect(pseudonymOf('secret', 'asha@example.org')).toBe(one);
    expect(pseudonymOf('another', 'asha@example.org')).not.toBe(one);
    expect(pseudonymOf('secret', 'ravi@example.org')).not.toBe(one);
  });
});
