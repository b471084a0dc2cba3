import { describe, expect, test } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createJsonSource } from '../../../src/adapters/metrics/json-source.js';
import type { JsonDefinition } from '../../../src/contracts/metric-sources.js';
import { question } from './question.js';
import { startUnwellSource } from './unwell.js';

const NOW = Date.UTC(2027, 2, 1, 9);

async function answering(body: unknown, definition: JsonDefinition) {
  const source = await startUnwellSource(() => ({ status: 200, body: JSON.stringify(body) }));
  const egress = createOwnEgress(source.url, []);
  const metrics = { csat: definition };
  const json = createJsonSource({ id: 'desk', url: source.url, egress, timeoutMs: 2_000, metrics });
  return { source, ask: (...asked: string[]) => json.query(question(NOW, ...asked)) };
}

describe('a generic JSON source', () => {
  test('is asked where its definition says, with what that leaves open encoded', async () => {
    const get = '/v1/$lifecycle/$release?step=$step&group=$group&m=$metric&from=$from&to=$toMs';
    const { source, ask } = await answering({ bad: 3, all: 60 }, { get, count: '/bad', of: '/all' });
    expect(await ask('csat/a b&c')).toMatchObject([
      { metric: 'csat', group: 'a b&c', count: 3, n: 60, asked: { source: 'desk' } },
    ]);
    expect(source.asked[0]?.url).toBe(
      `/v1/kyc/r1?step=live&group=a%20b%26c&m=csat&from=2027-03-01T08%3A00%3A00.000Z&to=${NOW}`,
    );
  });

  test('finds numbers by JSON pointers, in lists and behind odd names', async () => {
    const body = { 'a/b': [{ 'p~95': 4.5 }], n: 12 };
    const { ask } = await answering(body, { get: '/m', value: '/a~1b/0/p~095', n: '/n' });
    expect(await ask('csat')).toMatchObject([{ value: 4.5, n: 12, count: null }]);
  });

  test.each<[unknown, string | undefined]>([
    ['4.5', 'no-single-number'],
    ['NaN', 'not-a-number'],
    [[4.5, 4.6], 'no-single-number'],
    [{ value: 4.5 }, 'no-single-number'],
    [true, 'no-single-number'],
    [null, undefined],
    [undefined, undefined],
  ])('does not take %o for a number', async (value, doubt) => {
    const { ask } = await answering({ value }, { get: '/m', value: '/value' });
    expect(await ask('csat')).toEqual(
      doubt === undefined ? [] : [expect.objectContaining({ value: null, n: 0, doubt })],
    );
  });

  test('finds nothing in what objects have by nature', async () => {
    const { ask } = await answering({}, { get: '/m', value: '/constructor/length' });
    expect(await ask('csat', 'toString')).toEqual([]);
  });
});
