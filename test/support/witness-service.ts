import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { SignedCheckpoint } from '../../src/ledger/verify/checkpoint.js';

/** What the service does with the next posts. */
type Mood = 'takes' | 'fails' | 'hangs' | 'conflicts' | 'redirects';

/** Somebody's witness on loopback: checks the signature of every post, and keeps what it takes. */
export interface WitnessService {
  readonly url: string;
  readonly secret: string;
  readonly taken: SignedCheckpoint[];
  /** How many posts came, whatever became of them. */
  posts: number;
  mood: Mood;
  close(): Promise<void>;
}

const STATUS = { takes: 204, fails: 500, conflicts: 409, redirects: 302 } as const;

/** Starts one on a free port. */
export async function startWitnessService(): Promise<WitnessService> {
  const secret = `whsec_${Buffer.from('a secret of twenty-four').toString('base64')}`;
  const hook = new Webhook(secret);
  const taken: SignedCheckpoint[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    service.posts++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (service.mood === 'hangs') return;
    try {
      const signed = hook.verify(Buffer.concat(chunks), request.headers as Record<string, string>);
      if (service.mood === 'takes') taken.push(signed as SignedCheckpoint);
      response.writeHead(STATUS[service.mood], { location: '/elsewhere' }).end();
    } catch {
      response.writeHead(401).end();
    }
  };
  // A request that its sender gives up half-way is nobody's failure.
  const server = createServer((request, response) => void answer(request, response).catch(() => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const service: WitnessService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkpoints`,
    secret,
    taken,
    posts: 0,
    mood: 'takes',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return service;
}
