import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inCheckout } from '../../src/main/checkout.js';

const adr = readdirSync(inCheckout('docs', 'adr')).map((file) => `docs/adr/${file}`);
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...adr];

const FOLDERS = '(?:src|test|docs|scripts|bench|examples|operating-models|temporal|lint)';

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, each]) => each ?? []);
}

test.each(documents)('what %s points to is there', (document) => {
  const text = readFileSync(inCheckout(document), 'utf8');
  const quoted = found(text, new RegExp(`\`(${FOLDERS}/[\\w./-]+)\``, 'g'));
  const linked = found(text, /\]\((?!https?:)([^)#]+)\)/g);
  const beside = document.startsWith('docs/adr/') ? 'docs/adr/' : '';
  const missing = [...quoted, ...linked.map((path) => beside + path)].filter(
    (path) => !existsSync(inCheckout(path)),
  );
  expect(missing).toEqual([]);
});

test.each(documents)('what %s tells people to run is there', (document) => {
  const { scripts } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const text = readFileSync(inCheckout(document), 'utf8');
  const named = found(text, /npm run ([a-z][\w:-]*)/g);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
