/** Stands between a target and what it calls, and does to the calls what networks and servers do. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * `hangs`: never answers, forwards nothing. `fails`: 500. `talks-garbage`: 200 and no JSON. `lies`: 200 and an empty
 * object, forwards nothing. `breaks-off`: forwards, and breaks off within the answer. `drops-reply`: forwards, then breaks the
 * connection. `redirects`: leads elsewhere. `late`: forwards after 300 ms, whether or not its caller is still there.
 */
export type Mood =
  | 'honest'
  | 'hangs'
  | 'fails'
  | 'talks-garbage'
  | 'lies'
  | 'breaks-off'
  | 'drops-reply'
  | 'redirects'
  | 'late';

export interface FaultyProxy {
  readonly url: string;
  /** What happens to calls that change something. */
  writes: Mood;
  /** What happens to the others. */
  reads: Mood;
  /** So many changes go through, and then all fail, as when their caller was killed; undefined: no end. */
  changesLeft: number | undefined;
  /** How many changes reached the other side. */
  forwarded: number;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A proxy on loopback to an origin; `isWrite` tells calls that change something from those that ask. */
export async function startFaultyProxy(
  origin: string,
  isWrite: (asked: Asked) => boolean,
): Promise<FaultyProxy> {
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: 'honest',
    reads: 'honest',
    changesLeft: undefined,
    forwarded: 0,
  };
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const asked = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', body };
    const write = isWrite(asked);
    const mood = write ? moodOfChange() : proxy.reads;
    switch (mood) {
      case 'hangs':
        return;
      case 'fails':
        response.writeHead(500, { 'content-type': 'application/json' }).end('{"code":"fault"}');
        return;
      case 'talks-garbage':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>It works!</html>');
        return;
      case 'lies':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      case 'redirects':
        response.writeHead(302, { location: `${origin}/elsewhere` }).end();
        return;
      case 'late':
      case 'honest':
      case 'breaks-off':
      case 'drops-reply': {
        if (mood === 'late') await sleep(300);
        if (write) proxy.forwarded++;
        const answered = await forward(asked, incoming);
        if (mood === 'drops-reply') response.destroy();
        else if (mood === 'breaks-off') {
          response.writeHead(answered.status, { 'content-length': String(answered.body.length + 40) });
          response.write(answered.body, () => response.destroy());
        } else response.writeHead(answered.status, answered.headers).end(answered.body);
        return;
      }
      default: {
        const unknown: never = mood;
        throw new TypeError(`unknown mood ${JSON.stringify(unknown)}`);
      }
    }
  }

  function moodOfChange(): Mood {
    if (proxy.changesLeft === undefined) return proxy.writes;
    if (proxy.changesLeft === 0) return 'fails';
    proxy.changesLeft--;
    return proxy.writes;
  }

  async function forward({ method, path, body }: Asked, { headers }: IncomingMessage) {
    const { host: _host, connection: _connection, ...kept } = headers;
    const outgoing = request(`${origin}${path}`, { method, headers: kept, agent: false });
    outgoing.end(body);
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
    const type = reply.headers['content-type'] ?? 'application/json';
    return { status: reply.statusCode ?? 0, headers: { 'content-type': type }, body: await bodyOf(reply) };
  }

  return proxy;
}

async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
