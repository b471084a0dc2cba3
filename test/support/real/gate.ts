import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to an HTTP service that a test can close: then it breaks every connection off. */
export interface Gate {
  readonly url: string;
  open(): void;
  shut(): void;
  close(): Promise<void>;
}

/** Opens one on a free port of loopback, in front of a service. */
export async function startGate(to: string): Promise<Gate> {
  const target = new URL(to);
  let isOpen = true;
  const server = createServer((asked, answer) => {
    if (!isOpen) return void asked.socket.destroy();
    const { method = 'GET', url = '/', headers } = asked;
    const on = request({ host: target.hostname, port: target.port, path: url, method, headers }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    on.on('error', () => answer.destroy());
    asked.pipe(on);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => {
      isOpen = true;
    },
    shut: () => {
      isOpen = false;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
