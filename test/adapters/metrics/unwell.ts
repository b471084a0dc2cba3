import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a source answers with: a status and a body, or nothing at all for so many milliseconds. */
export type Reply = { status: number; body: string } | { after: number };

/** A source on loopback that answers as it is told, and remembers what it was asked. */
export interface UnwellSource {
  readonly url: string;
  readonly asked: {
    readonly url: string;
    readonly body: string;
    readonly authorization: string | undefined;
  }[];
  reply: (request: IncomingMessage) => Reply;
}

export async function startUnwellSource(reply: UnwellSource['reply']): Promise<UnwellSource> {
  const source: UnwellSource = { url: '', asked: [], reply };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const body = Buffer.concat(chunks).toString('utf8');
      source.asked.push({ url, body, authorization: headers.authorization });
      const now = source.reply(request);
      if ('after' in now) setTimeout(() => response.end('{}'), now.after).unref();
      else response.writeHead(now.status, { 'content-type': 'application/json' }).end(now.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(source, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
