import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseGathered } from '../../src/contracts/gathered.js';
import { NOTICE_KINDS } from '../../src/domain/lifecycle/telling.js';
import type { Gathered } from '../../src/workflows/messages/notices.js';

const AT = Date.parse('2026-11-24T09:00:00Z');
const item: Gathered['item'] = {
  lifecycle: 'kyc-onboarding',
  title: 'Onboarding, faster',
  notice: 'kyc-onboarding/n3',
  kind: 'request',
  gate: 'readiness',
  seats: ['product'],
  due: AT,
  dueLocal: '2026-11-24 14:30 Asia/Kolkata',
};
const bare = { ...item, title: null, gate: null, seats: [], due: null, dueLocal: null };

describe('what joins a digest', () => {
  it.each(NOTICE_KINDS)('is a notice of the kind %s, with or without what not every notice has', (kind) => {
    for (const given of [item, bare]) {
      const gathered = { item: { ...given, kind }, at: AT };
      expect(parseGathered(gathered)).toEqual(gathered);
    }
  });

  it('may say more than this version knows', () => {
    expect(parseGathered({ item: { ...item, later: 1 }, at: AT, later: 2 })).toEqual({ item, at: AT });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'n3'],
    ['no item', { at: AT }],
    ['an item that is null', { item: null, at: AT }],
    ['an item without its notice', { item: { ...item, notice: undefined }, at: AT }],
    ['a kind that is none', { item: { ...item, kind: 'alarm' }, at: AT }],
    ['no time', { item }],
    ['a time that is text', { item, at: '2026-11-24' }],
    ['a time that never comes', { item, at: Number.POSITIVE_INFINITY }],
    ['a time that no timer can be set for', { item, at: Number.MAX_SAFE_INTEGER }],
    ['a title without end', { item: { ...item, title: 'x'.repeat(10_000) }, at: AT }],
  ])('is not %s', (_, message) => {
    expect(parseGathered(message)).toBeUndefined();
  });

  test('whatever is sent, looking at it never throws', () => {
    fc.assert(fc.property(fc.anything(), (message) => parseGathered(message) === undefined));
  });
});
