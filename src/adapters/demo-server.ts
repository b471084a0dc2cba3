import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Router } from 'express';
import { z } from 'zod';
import { reason } from './system-error.js';

/** A service of development, to be mounted under a path of its own. Its router expects parsed JSON bodies. */
export interface DemoServer {
  readonly router: Router;
  close(): Promise<void>;
}

export interface RunningServer {
  readonly port: number;
  /** Breaks open connections, so that one that hangs on purpose stops nobody. */
  close(): Promise<void>;
}

/** Serves routers under their paths on 127.0.0.1 only; port 0 takes a free one. Rejects when it is in use. */
export async function serveDemo(
  routers: Readonly<Record<string, Router>>,
  port: number,
): Promise<RunningServer> {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '4mb' }));
  for (const [path, router] of Object.entries(routers)) app.use(path, router);
  app.use((_request, response) => void response.status(404).json({ code: 'not-found' }));
  app.use(answerError);

  const server = createServer(app);
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  if (error instanceof z.ZodError) {
    response.status(422).json({ code: 'invalid-request', issues: error.issues });
    return;
  }
  const status = clientFault(error) ?? 503;
  response
    .status(status)
    .json({ code: status === 503 ? 'unavailable' : 'invalid-request', message: reason(error) });
};

/** The status of an error that the body parser raised about the request. */
function clientFault(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' && error.status < 500 ? error.status : undefined;
}
