import { expect, test } from 'vitest';
import { check, plant } from './planted.js';

const impure = [
  'export const a = (instant: Date) => instant.getHours();',
  'export const b = (instant: Date) => instant.toLocaleDateString();',
  "export const c = new Intl.NumberFormat('de');",
  'export const d = new Date(2026, 10, 20);',
  "export const e = 'a'.localeCompare('b');",
  'export const f = Math.random();',
  'export const g = process.pid;',
  "export const h = fetch('http://127.0.0.1');",
  'export const i = (ring: () => void) => setTimeout(ring, 1);',
];
const clocks = ['export const a = Date.now();', 'export const b = new Date();'];
const numbered = (lines: readonly string[], first = 1): number[] => lines.map((_, index) => first + index);

/** The lines of a file that the two linters complain about, in order. */
async function refusedLines(folder: string, file: string): Promise<number[]> {
  const biome = await check(folder, 'biome', ['lint', '--reporter=github', file]);
  const oxlint = await check(folder, 'oxlint', ['-f', 'github', file]);
  const found = `${biome.output}\n${oxlint.output}`.matchAll(/^::error .*?\bline=(\d+)/gm);
  return [...new Set([...found].map(([, line]) => Number(line)))].sort((a, b) => a - b);
}

test.each(['src/domain/impure.ts', 'src/workflows/impure.ts'])(
  '%s: local time, locale, chance and the outside are refused',
  async (file) => {
    const folder = await plant({ [file]: impure.join('\n') });
    expect(await refusedLines(folder, file)).toEqual(numbered(impure));
  },
);

test('the domain has no clock; a workflow has the one of its server', async () => {
  const folder = await plant({
    'src/domain/clock.ts': clocks.join('\n'),
    'src/workflows/clock.ts': clocks.join('\n'),
  });
  expect(await refusedLines(folder, 'src/domain/clock.ts')).toEqual(numbered(clocks));
  expect(await refusedLines(folder, 'src/workflows/clock.ts')).toEqual([]);
});

test('the environment is read in src/main only', async () => {
  const reading = 'export const home = process.env.AIRWORTHY_HOME;';
  const folder = await plant({ 'src/api/home.ts': reading, 'src/main/home.ts': reading });
  expect(await refusedLines(folder, 'src/api/home.ts')).toEqual([1]);
  expect(await refusedLines(folder, 'src/main/home.ts')).toEqual([]);
});

test('forgotten promises, cases that a default hides, and long workflow functions are refused', async () => {
  const careless = [
    'const save = async (): Promise<void> => {};',
    'export function forget() {',
    '  save();',
    '}',
    'export const each = (names: readonly string[]) => names.forEach(save);',
    "export function name(kind: 'a' | 'b'): number {",
    '  switch (kind) {',
    "    case 'a':",
    '      return 1;',
    '    default:',
    '      return 2;',
    '  }',
    '}',
    "export const asked = JSON.parse('1') as any;",
  ];
  const long = [
    'export function long(): number {',
    ...Array.from({ length: 60 }, () => '  String(1);'),
    '  return 1;',
    '}',
  ];
  const folder = await plant({
    'src/adapters/careless.ts': careless.join('\n'),
    'src/workflows/long.ts': long.join('\n'),
  });
  expect(await refusedLines(folder, 'src/adapters/careless.ts')).toEqual([3, 5, 7, 14]);
  expect(await refusedLines(folder, 'src/workflows/long.ts')).toEqual([1]);
});
