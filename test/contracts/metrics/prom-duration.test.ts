import fc from 'fast-check';
import { expect, test } from 'vitest';
import { promDuration } from '../../../src/contracts/metrics/prom-duration.js';

const MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

test.each([
  [259_200_000, '3d'],
  [90_000, '90s'],
  [5_400_000, '90m'],
  [2_592, '2592ms'],
  [0, '0ms'],
  [999.6, '1s'],
])('%d ms are %s', (ms, written) => {
  expect(promDuration(ms)).toBe(written);
});

test('a duration loses nothing but parts of a millisecond', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e13, noNaN: true }), (ms) => {
      const [, n, unit] = /^(\d+)(d|h|m|s|ms)$/.exec(promDuration(ms)) ?? [];
      expect(Number(n) * MS[unit as keyof typeof MS]).toBe(Math.round(ms));
    }),
  );
});
