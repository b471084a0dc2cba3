import { expect, test } from 'vitest';
import { inCheckout } from '../../src/main/checkout.js';
import { check, plant, runNode } from './planted.js';

const lines = (n: number): string =>
  Array.from({ length: n }, (_, i) => `export const line${i} = ${i};`).join('\n');

test('files, exports and packages that nothing uses are refused', async () => {
  const folder = await plant({
    'src/main/up.ts': "import { used } from './part.js';\nexport const up = used;",
    'src/main/part.ts': 'export const used = 1;\nexport const forgotten = 2;',
    'src/main/alone.ts': 'export const alone = 1;',
  });
  const { code, output } = await check(folder, 'knip', ['--no-progress']);
  expect(code).not.toBe(0);
  expect(output).toMatch(/^src\/main\/alone\.ts/m);
  expect(output).toMatch(/^forgotten +src\/main\/part\.ts/m);
  expect(output).toMatch(/^express +package\.json/m);
  expect(output).not.toMatch(/^used /m);
});

test('files that are too long are refused, one by one and in sum', async () => {
  const sizes = (folder: string) => runNode(inCheckout('scripts', 'sizes.mjs'), [folder]);
  const small = await plant({ 'src/a.ts': lines(80), 'test/a.ts': lines(400) });
  expect(await sizes(small)).toMatchObject({ code: 0 });
  const long = await plant({ 'src/a.ts': lines(81), 'src/b.ts': lines(300), 'test/a.ts': lines(401) });
  const { code, output } = await sizes(long);
  expect(code).toBe(1);
  expect(output).toContain('test/a.ts has 401 lines; 400 are the limit');
  expect(output).toContain('half of src has 81 lines or more; 80 are wanted');
  expect(output).toContain('one file of twenty in src has 300 lines or more; 250 are wanted');
});
