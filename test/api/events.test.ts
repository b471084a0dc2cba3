import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createEventFeeds } from '../../src/api/events/event-feeds.js';
import type { PlacedEntry } from '../../src/ports/ledger.js';
import { event, events, refusal } from '../ports/ledger-entries.js';
import { openEvents } from './event-stream.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryReadModel, rowOf } from './memory-read-model.js';
import { runningApi } from './running-api.js';

const silent = pino({ level: 'silent' });
const PATH = '/v1/lifecycles/kyc/events';

async function recorded(count: number) {
  const ledger = new MemoryLedger();
  const readModel = new MemoryReadModel(ledger);
  readModel.add(rowOf('kyc'));
  if (count > 0) await ledger.append(events('kyc', count));
  const api = await runningApi({ ledger, readModel });
  const open = (query = '', headers?: Readonly<Record<string, string>>, as?: string) =>
    openEvents(`${api.origin}${PATH}${query}`, headers, as);
  return { api, ledger, open };
}

const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => from + i);
const positions = (entries: readonly PlacedEntry[]): number[] => entries.map(({ position }) => position);

describe('the live events of a lifecycle', () => {
  it('are the timeline from its start, then what comes, refusals too', async () => {
    const { ledger, open } = await recorded(3);
    const seen = await open();
    expect(seen.status).toBe(200);
    expect(seen.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await expect.poll(() => positions(seen.entries)).toEqual([1, 2, 3]);
    await ledger.append([refusal('kyc', 'r-1', 5), event('tax', 1)]);
    await expect.poll(() => seen.entries.at(-1), { timeout: 3_000 }).toMatchObject({ id: 'refusal/r-1' });
    expect(seen.ids).toEqual(['1', '2', '3', '4']);
    expect(seen.entries).toEqual(ledger.chain('kyc'));
    seen.leave();
  });

  it.each([
    ['Last-Event-ID', '', { 'last-event-id': '2' }],
    ['cursor', '?cursor=2', {}],
    ['Last-Event-ID before cursor', '?cursor=1', { 'last-event-id': '2' }],
  ])('go on behind %s', async (_what, query, headers) => {
    const { open } = await recorded(4);
    const seen = await open(query, headers);
    await expect.poll(() => positions(seen.entries)).toEqual([3, 4]);
    seen.leave();
  });

  it('miss and double nothing while entries are appended and clients come and go', async () => {
    const { ledger, open } = await recorded(230);
    const last = 700;
    const appended = (async () => {
      for (let seq = 231; seq <= last; seq++) {
        await ledger.append([event('kyc', seq)]);
        if (seq % 10 === 0) await pause(15);
      }
    })();
    const client = async (staysMs: number): Promise<number[]> => {
      const got: number[] = [];
      while (got.at(-1) !== last) {
        const seen = await open('', got.length > 0 ? { 'last-event-id': String(got.at(-1)) } : {});
        await Promise.race([pause(staysMs), seen.ended]);
        seen.leave();
        await seen.ended;
        got.push(...positions(seen.entries));
      }
      return got;
    };
    const all = await Promise.all([client(40), client(170), client(430), client(5_000)]);
    await appended;
    for (const got of all) expect(got).toEqual(upTo(last));
  }, 30_000);

  it('are read once for all who have caught up', async () => {
    const { ledger, open } = await recorded(5);
    const all = await Promise.all(Array.from({ length: 8 }, () => open()));
    for (const seen of all) await expect.poll(() => seen.entries.length).toBe(5);
    await pause(700);
    const before = ledger.reads;
    await pause(1_600);
    expect(ledger.reads - before).toBeLessThanOrEqual(4);
    for (const seen of all) seen.leave();
  });

  it('wait for a ledger that is away, and go on', async () => {
    const { ledger, open } = await recorded(1);
    const seen = await open();
    await expect.poll(() => seen.entries.length).toBe(1);
    ledger.away = true;
    await pause(700);
    ledger.away = false;
    await ledger.append([event('kyc', 2)]);
    await expect.poll(() => positions(seen.entries), { timeout: 5_000 }).toEqual([1, 2]);
    seen.leave();
  });

  it('end when the API does, and no new ones begin', async () => {
    const { api, open } = await recorded(1);
    const seen = await open();
    await expect.poll(() => seen.entries.length).toBe(1);
    api.endStreams();
    await seen.ended;
    const { problem, headers } = await api.get(PATH);
    expect(problem).toMatchObject({ status: 503, code: 'too-many-streams' });
    expect(headers.get('retry-after')).toBe('5');
  });

  it('are counted, and given to nobody more often than 20 times', async () => {
    const { api, open } = await recorded(0);
    const all = await Promise.all(Array.from({ length: 20 }, () => open()));
    const count = async () => (await api.get('/metrics', { as: null })).text;
    expect(await count()).toMatch(/^airworthy_event_streams 20$/m);
    expect((await open()).status).toBe(503);
    const other = await open('', {}, 'asha');
    expect(other.status).toBe(200);
    all[0]?.leave();
    await expect.poll(async () => (await open()).status).toBe(200);
    for (const seen of [...all, other]) seen.leave();
  });

  it.each([
    ['?cursor=zzz', {}, 422, 'invalid-body'],
    ['?since=1', {}, 422, 'invalid-body'],
    ['', { 'last-event-id': 'x' }, 422, 'invalid-body'],
  ])('are refused with %s %j', async (query, headers, status, code) => {
    const { api } = await recorded(1);
    expect((await api.get(PATH + query, { headers })).problem).toMatchObject({ status, code });
  });

  it('are refused like the lifecycle, and while the ledger is away', async () => {
    const { api, ledger } = await recorded(1);
    expect((await api.get(PATH, { as: 'hari' })).problem.code).toBe('not-found');
    expect((await api.get(PATH, { as: null })).status).toBe(401);
    ledger.away = true;
    expect((await api.get(PATH)).problem.code).toBe('ledger-unavailable');
  });
});

describe('a feed', () => {
  it('passes over a listener that cannot take more, and gives it everything later', async () => {
    const ledger = new MemoryLedger();
    await ledger.append(events('kyc', 450));
    const feeds = createEventFeeds(ledger, silent);
    const got: PlacedEntry[] = [];
    let ready = true;
    const end = feeds.follow('kyc', {
      position: 0,
      ready: () => ready,
      take: (entries) => {
        got.push(...entries);
        ready = false;
      },
    });
    await pause(50);
    expect(positions(got)).toEqual(upTo(200));
    ready = true;
    await expect.poll(() => got.length, { timeout: 3_000 }).toBe(400);
    ready = true;
    await expect.poll(() => positions(got), { timeout: 3_000 }).toEqual(upTo(450));
    end();
  });

  it('gives each listener all that is behind its position, in order, once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 260 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 260 }),
        async (starts, count) => {
          const ledger = new MemoryLedger();
          await ledger.append(events('kyc', count));
          const feeds = createEventFeeds(ledger, silent);
          const followed = starts.map((from) => {
            const position = Math.min(from, count);
            const got: number[] = [];
            const take = (entries: readonly PlacedEntry[]) => void got.push(...positions(entries));
            const end = feeds.follow('kyc', { position, ready: () => true, take });
            return { position, got, end };
          });
          await ledger.append(events('kyc', 1, count + 1));
          await pause(5);
          for (const { end } of followed) end();
          for (const { position, got } of followed) {
            const whole = upTo(count + 1, position + 1);
            expect(whole.slice(0, got.length)).toEqual(got);
            expect(got.length).toBeGreaterThanOrEqual(count - position);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
