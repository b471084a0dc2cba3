import { describe, expect, it } from 'vitest';
import { dueTime, span } from '../../src/cli/terminal/instants.js';
import { createPaint } from '../../src/cli/terminal/paint.js';
import { table } from '../../src/cli/terminal/table.js';

describe('a table', () => {
  it('aligns its columns, whatever their colour', () => {
    const { bad } = createPaint(true);
    expect(bad('h1')).not.toBe('h1');
    const [first = '', second] = table(
      [
        [bad('h1'), 'rollback'],
        ['h22', 'timeout'],
      ],
      undefined,
    );
    expect([first.replace(bad('h1'), 'h1'), second]).toEqual(['h1   rollback', 'h22  timeout']);
  });

  it('is cut where somebody looks, and whole where nobody does', () => {
    const rows = [['a', 'a long sentence']];
    expect(table(rows, 10)).toEqual(['a  a long…']);
    expect(table(rows, undefined)).toEqual(['a  a long sentence']);
  });

  it('has no colour without it', () => {
    expect(createPaint(false).bad('x')).toBe('x');
  });
});

describe('a span', () => {
  it.each([
    [400, 'less than a second'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
    [-5_000, '5 s'],
  ])('of %i ms is %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });

  it('says which way', () => {
    expect(dueTime(5_000, 0)).toMatch(/\(in 5 s\)$/);
    expect(dueTime(0, 5_000)).toMatch(/\(5 s ago\)$/);
  });
});
