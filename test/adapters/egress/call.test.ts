import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AnswerTooLong, call } from '../../../src/adapters/egress/call.js';
import { callJson } from '../../../src/adapters/egress/call-json.js';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function serve(answering: Answering) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answering(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/place`;
  return { url, egress: createOwnEgress(url, []) };
}

const plainCall = { method: 'GET', headers: {}, timeoutMs: 500, maxBytes: 100 } as const;

describe('a call', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('by %s brings its whole body', async (method) => {
    const { url, egress } = await serve((request, response, body) =>
      response.writeHead(201, { 'retry-after': '3' }).end(`${request.method} ${body}`),
    );
    const answer = await call(egress, { ...plainCall, method, url, body: 'größer' });
    expect(answer).toEqual({ status: 201, text: `${method} größer`, retryAfterMs: 3_000 });
  });

  it('takes in no more of an answer than it was told to', async () => {
    const { url, egress } = await serve((_request, response) => response.end('x'.repeat(101)));
    await expect(call(egress, { ...plainCall, url })).rejects.toThrow(AnswerTooLong);
    expect(await call(egress, { ...plainCall, url, maxBytes: 101 })).toMatchObject({ status: 200 });
    expect(await call(egress, { ...plainCall, url, maxBytes: 0 })).toMatchObject({ text: '' });
  });

  it('takes an answer that breaks off for none', async () => {
    const { url, egress } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '50' });
      response.write('{"fence":1}', () => response.destroy());
    });
    await expect(call(egress, { ...plainCall, url })).rejects.toThrow(/aborted|reset|hang up/i);
  });

  it('has a limit that covers an answer which never ends', async () => {
    const { url, egress } = await serve((_request, response) => void response.write('{'));
    await expect(call(egress, { ...plainCall, url })).rejects.toThrow(/timeout/i);
    const caller = new AbortController();
    const calling = call(egress, { ...plainCall, url, timeoutMs: 10_000, signal: caller.signal });
    setTimeout(() => caller.abort(new Error('no longer wanted')), 50);
    await expect(calling).rejects.toThrow('no longer wanted');
  });
});

describe('a call with JSON both ways', () => {
  it('says what it sends, and gives what it understands', async () => {
    const { url, egress } = await serve((request, response, body) =>
      response.end(JSON.stringify({ type: request.headers['content-type'] ?? null, body })),
    );
    const post = { method: 'POST', url, timeoutMs: 500 } as const;
    expect(await callJson(egress, { ...post, content: { a: 1 } })).toEqual({
      status: 200,
      body: { type: 'application/json', body: '{"a":1}' },
    });
    expect(await callJson(egress, { ...post, method: 'GET' })).toMatchObject({
      body: { type: null, body: '' },
    });
  });

  it('gives no body where it is no JSON', async () => {
    const { url, egress } = await serve((_request, response) => void response.writeHead(502).end('<html>'));
    expect(await callJson(egress, { method: 'GET', url, timeoutMs: 500 })).toEqual({
      status: 502,
      body: undefined,
    });
  });
});

describe('the way out to an address that was written down', () => {
  it('leads to this machine only where the address names it', async () => {
    const { url, egress } = await serve((_request, response) => void response.end());
    expect(await call(egress, { ...plainCall, url })).toMatchObject({ status: 200 });
    const { port } = new URL(url);
    const other = createOwnEgress(`http://127.0.0.1:${Number(port) + 1}/`, []);
    await expect(call(other, { ...plainCall, url })).rejects.toThrow(/host is not allowed/);
    const inside = createOwnEgress('http://10.255.0.1/', []);
    await expect(inside.pin('10.255.0.1', 80)).rejects.toThrow(/private network/);
    const allowed = createOwnEgress('http://10.255.0.1/', ['10.255.0.0/16']);
    expect(await allowed.pin('10.255.0.1', 80)).toMatchObject({ inside: true });
  });

  it.each(['http://[::1]:8080/', 'https://[::1]/', 'http://localhost:1/'])('knows %s', async (url) => {
    const { hostname, port, protocol } = new URL(url);
    const at = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    expect(await createOwnEgress(url, []).pin(hostname, at)).toMatchObject({ inside: true });
  });
});
