import { expect, it, onTestFinished } from 'vitest';
import { createEgress } from '../../src/adapters/egress/egress.js';
import { createWebhookWitness } from '../../src/adapters/webhook-witness.js';
import { WitnessConflict, WitnessUnavailable } from '../../src/ports/witness.js';
import { startWitnessService } from '../support/witness-service.js';
import { checkpointOf } from './checkpoint-of.js';

const { signal } = new AbortController();
const egress = createEgress({ allow: ['127.0.0.1'], privateNetworks: ['127.0.0.0/8'] });
const OTHER = `whsec_${Buffer.from('another of twenty-four').toString('base64')}`;

async function serviceAnd(secrets: (own: string) => string[] = (own) => [own]) {
  const service = await startWitnessService();
  onTestFinished(() => service.close());
  const witness = createWebhookWitness({
    egress,
    url: service.url,
    secrets: secrets(service.secret),
    timeoutMs: 300,
  });
  return { service, witness };
}

it('posts a checkpoint with a signature that its receiver can check', async () => {
  const { service, witness } = await serviceAnd();
  await witness.publish(checkpointOf(1), signal);
  expect(service.taken).toEqual([checkpointOf(1)]);
});

it('signs by every secret while they are changed, and is refused with a wrong one alone', async () => {
  const both = await serviceAnd((own) => [OTHER, own]);
  await both.witness.publish(checkpointOf(1), signal);
  expect(both.service.taken).toHaveLength(1);
  const wrong = await serviceAnd(() => [OTHER]);
  await expect(wrong.witness.publish(checkpointOf(1), signal)).rejects.toThrow(/answered 401/);
});

it.each([
  ['fails', /answered 500/],
  ['hangs', /did not answer/],
  ['redirects', /answered 302/],
] as const)('is unavailable where the service %s', async (mood, said) => {
  const { service, witness } = await serviceAnd();
  service.mood = mood;
  const publishing = witness.publish(checkpointOf(1), signal);
  await expect(publishing).rejects.toThrow(WitnessUnavailable);
  await expect(publishing).rejects.toThrow(said);
  expect(service.posts).toBe(1);
});

it('is unavailable where nobody listens', async () => {
  const { service, witness } = await serviceAnd();
  await service.close();
  await expect(witness.publish(checkpointOf(1), signal)).rejects.toThrow(WitnessUnavailable);
  service.close = async () => undefined;
});

it('tells that the service has another checkpoint under this number', async () => {
  const { service, witness } = await serviceAnd();
  service.mood = 'conflicts';
  await expect(witness.publish(checkpointOf(1), signal)).rejects.toThrow(WitnessConflict);
});

it('stops waiting when told to', async () => {
  const { service, witness } = await serviceAnd();
  service.mood = 'hangs';
  const told = new AbortController();
  const publishing = witness.publish(checkpointOf(1), told.signal);
  told.abort(new Error('enough'));
  await expect(publishing).rejects.toThrow('enough');
});

it('is not made with a secret that is none', () => {
  expect(() =>
    createWebhookWitness({ egress, url: 'http://127.0.0.1', secrets: [''], timeoutMs: 1 }),
  ).toThrow();
});

it('is unavailable where its address leads into a private network that nobody allowed', async () => {
  const { service } = await serviceAnd();
  const outside = createEgress({ allow: ['127.0.0.1'], privateNetworks: [] });
  const options = { url: service.url, secrets: [service.secret], timeoutMs: 300 };
  const witness = createWebhookWitness({ egress: outside, ...options });
  await expect(witness.publish(checkpointOf(1), signal)).rejects.toThrow(/private network/);
  expect(service.posts).toBe(0);
});
