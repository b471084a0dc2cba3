import { describe, expect, it } from 'vitest';
import { asksForView, fillIn, type Known } from '../../src/cli/written/words.js';

const NOW = Date.parse('2027-03-01T12:00:00Z');
const KNOWN: Known = {
  delivery: { spec: { digest: 'sha256:spec' }, release: { digest: 'sha256:release' } },
  holds: [{ hold: 'h2' }, { hold: 'h3' }],
};

describe('words in a written body', () => {
  it.each([
    ['$now', '2027-03-01T12:00:00.000Z'],
    ['$now-20d', '2027-02-09T12:00:00.000Z'],
    ['$now+36h', '2027-03-03T00:00:00.000Z'],
    ['$spec', 'sha256:spec'],
    ['$release', 'sha256:release'],
    ['$hold', 'h2'],
    ['$nowhere', '$nowhere'],
    ['the price in $', 'the price in $'],
  ])('%s is %s', (written, meant) => {
    expect(fillIn({ about: [written] }, KNOWN, NOW)).toEqual({ about: [meant] });
  });

  it('leave everything else as it is', () => {
    const body = { n: 1, list: [true, null], group: { text: 'as it is' } };
    expect(fillIn(body, undefined, NOW)).toEqual(body);
    expect(asksForView(body)).toBe(false);
  });

  it('that only a lifecycle can tell are found wherever they stand', () => {
    expect(asksForView({ a: [{ b: '$release' }] })).toBe(true);
    expect(asksForView({ collectedAt: '$now' })).toBe(false);
  });

  it.each([
    ['$release', /no release is registered/],
    ['$spec', /no spec is drafted/],
    ['$hold', /nothing is held/],
    ['$now-20bd', /such as \$now-20d, not 20bd/],
  ])('%s is refused where it stands for nothing', (written, sentence) => {
    expect(() => fillIn(written, { delivery: null, holds: [] }, NOW)).toThrow(sentence);
  });
});
