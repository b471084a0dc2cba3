/** A deployment system as somebody might write it: takes signed calls at one address, and serves what it is told. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { AllocationRequest } from '../../../src/ports/release-target.js';

const allocation = z.custom<AllocationRequest['allocation']>();
const calledForm = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('exposure.apply'),
    data: z.object({ effectKey: z.string(), fence: z.number(), lifecycle: z.string(), allocation }),
  }),
  z.object({ type: z.literal('exposure.read'), data: z.object({ lifecycle: z.string() }) }),
  z.object({ type: z.literal('exposure.health'), data: z.object({ lifecycle: z.string() }) }),
]);

interface Told {
  readonly status: number;
  readonly body: object;
}

export interface WebhookReceiver {
  readonly url: string;
  /** Ids of all calls whose signature was right, in their order. */
  readonly ids: string[];
  /** What was applied, oldest first. */
  readonly applied: AllocationRequest[];
  /** How many calls were not signed with its secret. */
  unsigned: number;
}

export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const hook = new Webhook(secret);
  const server = createServer((incoming, response) => {
    bodyOf(incoming)
      .then((text) => answer(text, incoming))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/airworthy`,
    ids: [],
    applied: [],
    unsigned: 0,
  };

  const standing = (lifecycle: string) => receiver.applied.findLast((each) => each.lifecycle === lifecycle);

  function answer(text: string, { headers }: IncomingMessage): Told {
    let called: z.infer<typeof calledForm>;
    try {
      called = calledForm.parse(hook.verify(text, headers as Record<string, string>));
    } catch {
      receiver.unsigned++;
      return { status: 401, body: { code: 'unsigned' } };
    }
    receiver.ids.push(String(headers['webhook-id']));
    const { lifecycle } = called.data;
    const now = standing(lifecycle);
    switch (called.type) {
      case 'exposure.health':
        return { status: 200, body: { ok: true, detail: `${lifecycle} is at ${now?.fence ?? 'nothing'}` } };
      case 'exposure.read':
        return now
          ? { status: 200, body: { fence: now.fence, allocation: now.allocation, appliedAt: 1 } }
          : { status: 404, body: { code: 'nothing-applied' } };
      case 'exposure.apply':
        return take(called.data, now);
    }
  }

  function take(asked: AllocationRequest, now: AllocationRequest | undefined): Told {
    const before = receiver.applied.find(({ effectKey }) => effectKey === asked.effectKey);
    if (before) {
      const same = isDeepStrictEqual(before.allocation, asked.allocation);
      return same ? { status: 200, body: {} } : { status: 422, body: { code: 'effect-conflict' } };
    }
    if (now && asked.fence <= now.fence)
      return { status: 409, body: { code: 'stale-fence', current: now.fence } };
    receiver.applied.push(asked);
    return { status: 202, body: {} };
  }

  return receiver;
}

async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
