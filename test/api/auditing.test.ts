import { describe, expect, it } from 'vitest';
import type { Auditing } from '../../src/api/deps.js';
import type { Checkpoint, LedgerReport } from '../../src/contracts/records.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryReadModel, rowOf } from './memory-read-model.js';
import { runningApi } from './running-api.js';

const REPORT: LedgerReport = { ok: true, chains: 2, entries: 9, checkpoints: 1, problems: [] };

const checkpoint = (number: number): Checkpoint => ({
  number,
  at: 1_000 * number,
  chains: 1,
  entries: number,
  format: 'airworthy-checkpoint/1',
  root: '00'.repeat(32),
  previous: null,
  signatures: [{ key: '0011223344556677', signature: 'c2ln' }],
});

async function audited(overrides: Partial<Auditing> = {}) {
  const ledger = new MemoryLedger();
  const readModel = new MemoryReadModel(ledger);
  readModel.add(rowOf('kyc'));
  const auditing: Auditing = {
    async exportBundle({ lifecycle }, write) {
      await write(`{"type":"header","lifecycle":${JSON.stringify(lifecycle)}}\n`);
      await write('{"type":"end","lines":2}\n');
    },
    checkpoints: async (after, limit) =>
      [1, 2, 3]
        .filter((n) => n > after)
        .slice(0, limit)
        .map(checkpoint),
    verify: async () => REPORT,
    ...overrides,
  };
  const api = await runningApi({ ledger, readModel, auditing });
  return { api, ledger };
}

describe('the export of the ledger', () => {
  it.each([
    ['?lifecycle=kyc', 'kyc', 'airworthy-kyc.jsonl'],
    ['', null, 'airworthy-ledger.jsonl'],
  ])('is a bundle of lines, and on record: "%s"', async (query, lifecycle, name) => {
    const { api, ledger } = await audited();
    const headers = { 'x-request-id': 'take-1' };
    const taken = await api.get(`/v1/ledger/export${query}`, { as: 'zoya', headers });
    expect(taken.status).toBe(200);
    expect(taken.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(taken.headers.get('content-disposition')).toContain(name);
    expect(
      taken.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { type: 'header', lifecycle },
      { type: 'end', lines: 2 },
    ]);
    await api.get(`/v1/ledger/export${query}`, { as: 'zoya', headers });
    expect(ledger.chain(lifecycle)).toMatchObject([
      { id: 'export/take-1', kind: 'export', type: 'bundle', by: 'zoya', seq: null },
      { id: expect.stringMatching(/^export\/take-1\../), by: 'zoya' },
    ]);
  });

  it('is not given away while that cannot be recorded', async () => {
    const { api, ledger } = await audited();
    ledger.away = true;
    const { problem, headers } = await api.get('/v1/ledger/export', { as: 'zoya' });
    expect(problem).toMatchObject({ status: 503, code: 'ledger-unavailable' });
    expect(headers.get('content-disposition')).toBeNull();
  });

  it('that fails before it begins is a problem, and later is cut off', async () => {
    const failing = (after: number): Partial<Auditing> => ({
      async exportBundle(_scope, write) {
        for (let line = 0; line < after; line++) await write('{}\n');
        throw new LedgerUnavailable('down');
      },
    });
    const early = await (await audited(failing(0))).api.get('/v1/ledger/export', { as: 'zoya' });
    expect(early.problem.code).toBe('ledger-unavailable');
    const { api } = await audited(failing(1));
    await expect(api.get('/v1/ledger/export', { as: 'zoya' })).rejects.toThrow(/terminated|fetch failed/);
  });

  it('writes no faster than it is read, and stops when the reader goes', async () => {
    let written = 0;
    let failed: unknown;
    const { api } = await audited({
      async exportBundle(_scope, write) {
        try {
          for (; written < 10_000; written++) await write(`${'x'.repeat(65_536)}\n`);
        } catch (error) {
          failed = error;
          throw error;
        }
      },
    });
    const leaving = new AbortController();
    const { origin } = api;
    await fetch(`${origin}/v1/ledger/export`, {
      headers: { authorization: 'Bearer dev-zoya' },
      signal: leaving.signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBeLessThan(1_000);
    leaving.abort();
    await expect.poll(() => failed).toMatchObject({ message: expect.stringMatching(/client has gone/) });
  });

  it('is of lifecycles that there are', async () => {
    const { api } = await audited();
    expect((await api.get('/v1/ledger/export?lifecycle=tax', { as: 'zoya' })).status).toBe(404);
    expect((await api.get('/v1/ledger/export?lifecycle=T', { as: 'zoya' })).status).toBe(422);
  });
});

describe('checkpoints', () => {
  it('are read page by page', async () => {
    const { api } = await audited();
    const first = await api.get('/v1/ledger/checkpoints?limit=2', { as: 'zoya' });
    expect(first.body).toMatchObject({ items: [checkpoint(1), checkpoint(2)], nextCursor: '2' });
    const rest = await api.get('/v1/ledger/checkpoints?limit=2&cursor=2', { as: 'zoya' });
    expect(rest.body).toMatchObject({ items: [checkpoint(3)], nextCursor: null });
    expect((await api.get('/v1/ledger/checkpoints?cursor=x', { as: 'zoya' })).status).toBe(422);
  });
});

describe('the verification', () => {
  it('runs once for all who ask while it does', async () => {
    let runs = 0;
    const { api } = await audited({
      verify: async () => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return REPORT;
      },
    });
    const verify = () => api.send('POST', '/v1/ledger/verify', undefined, { as: 'zoya' });
    const answers = await Promise.all([verify(), verify(), verify()]);
    for (const { body } of answers) expect(body).toEqual(REPORT);
    expect(runs).toBe(1);
    await verify();
    expect(runs).toBe(2);
  });
});

describe('what is for auditors', () => {
  it.each([
    ['GET', '/v1/ledger/export'],
    ['GET', '/v1/ledger/checkpoints'],
    ['POST', '/v1/ledger/verify'],
  ])('is for nobody else: %s %s', async (method, path) => {
    const { api } = await audited();
    const { problem } = await api.send(method, path);
    expect(problem).toMatchObject({ status: 403, code: 'not-permitted', reasons: [{ fact: 'auditor' }] });
    expect((await api.send(method, path, undefined, { as: null })).status).toBe(401);
  });
});
