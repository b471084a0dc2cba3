import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { createEventStreams } from '../../../src/api/events/event-streams.js';
import { Problem } from '../../../src/api/problem.js';
import { event, events } from '../../ports/ledger-entries.js';
import { openEvents } from '../event-stream.js';
import { MemoryLedger } from '../memory-ledger.js';

it('a stream ends with the heartbeat at which its reader may no longer read', async () => {
  const ledger = new MemoryLedger();
  await ledger.append(events('kyc', 2));
  let asked = 0;
  let permitted = true;
  const still = async (): Promise<void> => {
    asked += 1;
    if (!permitted) throw new Problem('not-found', 'there is no lifecycle kyc; check the key');
  };
  const streams = createEventStreams(ledger, pino({ level: 'silent' }), 40);
  const app = express();
  app.get('/', (_request, response) =>
    streams.stream(response, { key: 'kyc', person: 'asha', position: 0, still }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });

  const seen = await openEvents(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await expect.poll(() => asked).toBeGreaterThan(2);
  expect(seen.entries).toHaveLength(2);
  permitted = false;
  await seen.ended;
  expect(streams.open).toBe(0);
  await ledger.append([event('kyc', 3)]);
  expect(seen.entries).toHaveLength(2);
});
