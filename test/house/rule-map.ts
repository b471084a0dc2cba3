import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** A source text without what writing a string literal adds: escapes, and joints of template parts. */
const plain = (source: string): string => source.replaceAll("\\'", "'");

/** The number of each rule of a map, and for each of its tests the file and the name. */
function rulesOf(map: string) {
  return map
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
}

/** Tests that a map knows so many rules, each with tests that exist. */
export function testRuleMap(file: string, count: number): void {
  const rules = rulesOf(readFileSync(file, 'utf8'));

  it(`knows all ${count} of them, in order, each with a test`, () => {
    expect(rules.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    for (const { number, tests } of rules) expect(tests.length, `rule ${number}`).toBeGreaterThan(0);
  });

  it.each(rules.flatMap(({ number, tests }) => tests.map((test) => ({ number, ...test }))))(
    '$number: $file says $name',
    ({ file: source, name }) => {
      const titles = plain(readFileSync(source, 'utf8'))
        .split('\n')
        .filter((line) => /\b(test|it|describe)\b|^\s*['"`]/.test(line));
      expect(titles.some((title) => title.includes(name))).toBe(true);
    },
  );
}
