import { describe, expect, it } from 'vitest';
import { createStrangers } from '../../src/api/strangers.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import { runningApi } from './running-api.js';

function counting(everyMs: number) {
  const entries: LedgerEntry[] = [];
  const record = async (entry: LedgerEntry) => {
    entries.push(entry);
    return true;
  };
  const counts = () => entries.map(({ data }) => (data as { count: number }).count);
  return { entries, counts, strangers: createStrangers({ record }, everyMs) };
}

describe('the record of callers whom nobody knows', () => {
  it('has the first at once, and a flood in one entry for each period', async () => {
    const { counts, entries, strangers } = counting(100);
    for (let call = 0; call < 10_000; call++) strangers.saw('unauthenticated', call % 2 ? 'show' : undefined);
    expect(counts()).toEqual([1]);
    await expect.poll(counts).toEqual([1, 9_999]);
    expect(entries[1]).toMatchObject({
      lifecycle: null,
      kind: 'refusal',
      type: 'unauthenticated',
      by: null,
      data: { denied: { unauthenticated: 4_999, 'unauthenticated show': 5_000 } },
    });
    await strangers.close();
    expect(counts()).toEqual([1, 9_999]);
  });

  it('has the next at once where none came for a period', async () => {
    const { counts, strangers } = counting(20);
    strangers.saw('unauthenticated', 'inbox');
    await new Promise((resolve) => setTimeout(resolve, 80));
    strangers.saw('unauthenticated', 'inbox');
    expect(counts()).toEqual([1, 1]);
    await strangers.close();
  });

  it('has what was only counted when the API stops', async () => {
    const { counts, strangers } = counting(60_000);
    for (let call = 0; call < 3; call++) strangers.saw('unauthenticated', 'inbox');
    await strangers.close();
    expect(counts()).toEqual([1, 2]);
  });

  it('is of calls to the API, by what they asked for', async () => {
    const api = await runningApi();
    for (const path of ['/v1/inbox', '/v1/lifecycles/kyc/events', '/v1/nowhere']) {
      expect((await api.get(path, { as: null })).status).toBe(401);
    }
    expect((await api.post('/v1/lifecycles/kyc/decide', {}, { as: 'forged' })).status).toBe(401);
    expect((await api.get('/healthz', { as: null })).status).toBe(200);
    await api.close();
    const denied = api.ledger.chain(null).map(({ data }) => (data as { denied: object }).denied);
    expect(Object.assign({}, ...denied)).toEqual({
      unauthenticated: 1,
      'unauthenticated inbox': 1,
      'unauthenticated events': 1,
      'unauthenticated decide': 1,
    });
  });
});
