import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApiClient } from '../../src/cli/client/api-client.js';
import { followEvents } from '../../src/cli/client/event-stream.js';
import { ApiProblem, Unreachable } from '../../src/cli/client/problems.js';
import { events } from '../ports/ledger-entries.js';

const entries = events('kyc', 9).map((entry, i) => ({ ...entry, by: 'ásha', position: i + 1, hash: '00' }));
const written = (from: number, to: number): string =>
  entries
    .slice(from - 1, to)
    .map((entry) => `id: ${entry.position}\ndata: ${JSON.stringify(entry)}\n\n`)
    .join('');

/** An API that answers the n-th time as the n-th of these says, and the position it was asked to go on behind. */
async function answering(...answers: readonly ((response: ServerResponse) => void)[]) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    answers[asked.length - 1]?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, api: createApiClient(`http://127.0.0.1:${port}`, 'dev-ravi') };
}

const problem = (status: number, code: string) => (response: ServerResponse) => {
  const detail = 'not now';
  response.statusCode = status;
  response.end(JSON.stringify({ title: 't', status, detail, code, reasons: [], requestId: 'r' }));
};

async function gather(following: ReturnType<typeof followEvents>, until: number): Promise<number[]> {
  const got: number[] = [];
  for await (const { position, by } of following) {
    expect(by).toBe('ásha');
    got.push(position);
    if (position === until) break;
  }
  return got;
}

describe('following events', () => {
  it('goes on where it was ended, broken off or refused in passing', async () => {
    const { api, asked } = await answering(
      (response) => response.end(`retry: 1000\n\n: still here\n\n${written(1, 2)}`),
      problem(503, 'too-many-streams'),
      (response) => {
        const [a, b] = [written(3, 5), Buffer.from(written(6, 6))];
        response.write(a);
        response.write(b.subarray(0, b.indexOf(0xc3) + 1));
        setTimeout(() => response.destroy(), 50);
      },
      (response) => {
        const bytes = Buffer.from(written(6, 9));
        const within = bytes.indexOf(0xc3) + 1;
        response.write(bytes.subarray(0, within));
        setTimeout(() => response.write(bytes.subarray(within)), 50);
      },
    );
    const told: string[] = [];
    const interrupted = ({ name }: Error) => void told.push(name);
    expect(await gather(followEvents(api, 'kyc', { interrupted }), 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(asked).toEqual([undefined, '2', '2', '5']);
    expect(told).toEqual(['ApiProblem', 'Unreachable']);
  }, 15_000);

  it('begins behind what is known', async () => {
    const { api, asked } = await answering((response) => response.write(written(4, 5)));
    expect(await gather(followEvents(api, 'kyc', { after: 3 }), 5)).toEqual([4, 5]);
    expect(asked).toEqual(['3']);
  });

  it('fails where it never begins, and where time does not mend it', async () => {
    const refused = await answering(problem(503, 'ledger-unavailable'));
    await expect(gather(followEvents(refused.api, 'kyc', {}), 1)).rejects.toThrow(ApiProblem);
    const later = await answering((response) => response.end(written(1, 1)), problem(403, 'not-permitted'));
    await expect(gather(followEvents(later.api, 'kyc', {}), 2)).rejects.toThrow(ApiProblem);
    const nobody = createApiClient('http://127.0.0.1:1', 'dev-ravi');
    await expect(gather(followEvents(nobody, 'kyc', {}), 1)).rejects.toThrow(Unreachable);
  });

  it('ends with its signal', async () => {
    const { api } = await answering((response) => response.write(written(1, 1)));
    const ending = new AbortController();
    const got: number[] = [];
    for await (const { position } of followEvents(api, 'kyc', { signal: ending.signal })) {
      got.push(position);
      ending.abort();
    }
    expect(got).toEqual([1]);
  });
});
