import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { choosePorts } from '../../../src/main/supervisor/ports.js';

const free = { port: 0, purpose: 'anything', variable: 'AIRWORTHY_API_PORT' };

it('chooses a different free port for each 0', async () => {
  const { a, b, c } = await choosePorts({ a: free, b: free, c: free });
  expect(new Set([a, b, c]).size).toBe(3);
  expect(Math.min(a, b, c)).toBeGreaterThan(0);
});

it('keeps a port that is free', async () => {
  const { a } = await choosePorts({ a: free });
  expect(await choosePorts({ a: { ...free, port: a } })).toEqual({ a });
});

it('says of a port in use who holds it and what to change', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const wanted = { api: { port, purpose: 'the API', variable: 'AIRWORTHY_API_PORT' }, other: free };
  await expect(choosePorts(wanted)).rejects.toThrow(
    new RegExp(
      `Port ${port}, wanted for the API, is in use by process ${process.pid} .*set AIRWORTHY_API_PORT`,
    ),
  );
});
