import { describe, expect, it } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createWebhookTarget } from '../../../src/adapters/targets/webhook-target.js';
import { TargetUnavailable } from '../../../src/ports/release-target.js';
import { describeFaultyTarget } from './conformance/faults.js';
import { startFaultyProxy } from './conformance/faulty-proxy.js';
import { describeReleaseTarget } from './conformance/promises.js';
import { exposed, noSignal, request } from './conformance/requests.js';
import { startWebhookReceiver } from './webhook-receiver.js';

const secretOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const SECRET = secretOf('a secret of twenty-four.');
const OTHER = secretOf('another of twenty-four..');

const targetAt = (url: string, secrets: readonly string[] = [SECRET]) =>
  createWebhookTarget({
    url,
    egress: createOwnEgress(url, []),
    timeoutMs: 600,
    secrets: async () => secrets,
  });

describeReleaseTarget('a signed webhook', async () => targetAt((await startWebhookReceiver(SECRET)).url));

describeFaultyTarget('a signed webhook', async () => {
  const receiver = await startWebhookReceiver(SECRET);
  const { origin, pathname } = new URL(receiver.url);
  const proxy = await startFaultyProxy(origin, ({ body }) => body.includes('"exposure.apply"'));
  return {
    target: targetAt(proxy.url + pathname),
    proxy,
    honest: targetAt(receiver.url),
    effects: async (lifecycle) => receiver.applied.filter((each) => each.lifecycle === lifecycle).length,
  };
});

describe('the signature of a webhook target', () => {
  it('is by each secret, so that a receiver can go over from one to the next', async () => {
    const receiver = await startWebhookReceiver(OTHER);
    const target = targetAt(receiver.url, [SECRET, OTHER]);
    await target.apply(request('kyc', 1, 10), noSignal());
    expect(await target.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
    expect(receiver.unsigned).toBe(0);
  });

  it('that is wrong moves nothing, and shows nothing', async () => {
    const receiver = await startWebhookReceiver(OTHER);
    const target = targetAt(receiver.url);
    await expect(target.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow(/answered 401/);
    await expect(target.read('kyc')).rejects.toThrow(TargetUnavailable);
    expect(await target.health('kyc')).toMatchObject({ ok: false, detail: expect.stringContaining('401') });
    expect(receiver).toMatchObject({ applied: [], unsigned: 3 });
  });

  it('is not made with what is no secret, and the secret is told to nobody', async () => {
    const receiver = await startWebhookReceiver(SECRET);
    const applying = targetAt(receiver.url, ['whsec_']).apply(request('kyc', 1, 10), noSignal());
    await expect(applying).rejects.toThrow(/a secret of the webhook is none: write whsec_ and base64/);
    expect(receiver.ids).toEqual([]);
  });
});

describe('the id of a webhook', () => {
  it('is the effect key at each attempt, and another one for each question', async () => {
    const receiver = await startWebhookReceiver(SECRET);
    const target = targetAt(receiver.url);
    await target.apply(request('kyc', 1, 10), noSignal());
    await target.apply(request('kyc', 1, 10), noSignal());
    await target.read('kyc');
    await target.read('kyc');
    const [first, again, ...questions] = receiver.ids;
    expect([first, again]).toEqual(['kyc/step-1/1', 'kyc/step-1/1']);
    expect(new Set([first, ...questions]).size).toBe(3);
  });
});
