import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const map = readFileSync('docs/reference/gate-rules.md', 'utf8');

/** The number of each rule, and for each of its tests the file and the name. */
const rules = map
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const number = Number(section.slice(0, section.indexOf('.')));
    const tests = [...section.matchAll(/^- (\S+): (.+)$/gm)].map(([, file = '', name = '']) => ({
      file,
      name,
    }));
    return { number, tests };
  });

/** A source text without what writing a string literal adds: escapes, and joints of template parts. */
const plain = (source: string): string => source.replaceAll("\\'", "'");

describe('the map of the rules of gates', () => {
  it('knows all 21 of them, in order, each with a test', () => {
    expect(rules.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    for (const { number, tests } of rules) expect(tests.length, `rule ${number}`).toBeGreaterThan(0);
  });

  it.each(rules.flatMap(({ number, tests }) => tests.map((test) => ({ number, ...test }))))(
    '$number: $file says $name',
    ({ file, name }) => {
      const titles = plain(readFileSync(file, 'utf8'))
        .split('\n')
        .filter((line) => /\b(test|it|describe)\b|^\s*['"`]/.test(line));
      expect(titles.some((title) => title.includes(name))).toBe(true);
    },
  );
});
