import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, it } from 'vitest';
import { createHttpServer } from '../../src/api/http-server.js';

const { server, serve } = createHttpServer({});
afterEach(() => server.close());

it('has every message born as what Express would make of it', async () => {
  const born: unknown[] = [];
  server.on('request', (request, response) =>
    born.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response)),
  );
  const app = express();
  app.post('/things/:name', express.json(), (request, response) => {
    expect([Object.getPrototypeOf(request), Object.getPrototypeOf(response)]).toEqual(born);
    expect([request.app, response.app]).toEqual([app, app]);
    response.status(201).json({ ...request.params, ...request.body, host: request.hostname });
  });
  serve(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/things/one`, {
    method: 'POST',
    headers,
    body: '{"of":"two"}',
  });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ name: 'one', of: 'two', host: '127.0.0.1' });
  expect(born).toEqual([app.request, app.response]);
});
