import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { between } from './random.js';

/**
 * Where an effect stands while it is held. `lost`: it arrived and is never applied; `late`: it is applied once its
 * caller is gone; `applied`: it is applied and nobody is told; `read`: it was applied, and is being read back.
 */
const MOMENTS = ['lost', 'late', 'applied', 'read'] as const;
type Moment = (typeof MOMENTS)[number];

/** One answer in so many is dropped after its effect was applied, whether somebody is killed or not. */
const DROPPED_OF = 8;

/** An effect of one worker that stands still at the target. */
interface UnderWay {
  readonly lifecycle: string;
  readonly effectKey: string;
  readonly moment: Moment;
  /** Whether its worker still waits for the answer. */
  waits(): boolean;
  /** Lets the target go on. */
  letGo(): void;
}

/** A release target that stands in front of another one, and holds an effect where it is told to. */
export interface HeldTarget {
  /** Where a worker reaches it. */
  urlOf(worker: string): string;
  /** The next effect of a worker that comes to a moment taken by chance. */
  next(worker: string): Promise<UnderWay>;
  /** Answers that were dropped behind an applied effect, so far. */
  dropped(): number;
  stop(): Promise<void>;
}

interface Wanted {
  readonly moment: Moment;
  take(underWay: UnderWay): void;
}

/** Starts it on a free port of this machine, in front of the target at this address. */
export async function startHeldTarget(target: string, random: () => number): Promise<HeldTarget> {
  const wanted = new Map<string, Wanted>();
  const lastKey = new Map<string, string>();
  let dropped = 0;

  const hold = async (worker: string, moments: readonly Moment[], of: Omit<UnderWay, 'moment' | 'letGo'>) => {
    const waiting = wanted.get(worker);
    if (waiting === undefined || !moments.includes(waiting.moment)) return null;
    wanted.delete(worker);
    const { moment } = waiting;
    return { moment, gone: new Promise<void>((letGo) => waiting.take({ ...of, moment, letGo })) };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, worker = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const lifecycle = decodeURIComponent(/^\/lifecycles\/([^/]+)/.exec(rest)?.[1] ?? '');
    const body = await textOf(request);
    const pass = () => forward(`${target}${rest}`, request, body);
    const waits = () => !response.destroyed && !response.writableEnded;
    if (request.method === 'PUT') {
      const { effectKey } = JSON.parse(body) as { effectKey: string };
      lastKey.set(lifecycle, effectKey);
      const held = await hold(worker, ['lost', 'late', 'applied'], { lifecycle, effectKey, waits });
      if (held !== null && held.moment !== 'applied') await held.gone;
      if (held?.moment === 'lost') return void response.destroy();
      const answer = await pass();
      if (held?.moment === 'applied') await held.gone;
      if (held === null && between(random, 1, DROPPED_OF) === 1) {
        dropped++;
        return void response.destroy();
      }
      return reply(response, answer);
    }
    const effectKey = lastKey.get(lifecycle) ?? '';
    const held = effectKey === '' ? null : await hold(worker, ['read'], { lifecycle, effectKey, waits });
    const answer = await pass();
    await held?.gone;
    reply(response, answer);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (worker) => `http://127.0.0.1:${port}/${worker}`,
    next: (worker) => {
      const moment = MOMENTS[between(random, 0, MOMENTS.length - 1)] ?? 'applied';
      return new Promise((take) => wanted.set(worker, { moment, take }));
    },
    dropped: () => dropped,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function forward(url: string, { method }: IncomingMessage, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: method ?? 'GET', headers, ...(body !== '' && { body }) });
  return { status: answer.status, text: await answer.text() };
}

function reply(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
