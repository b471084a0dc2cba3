import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RESULTS_FORMATS,
  type ResultsFormat,
  readResults,
} from '../../../src/contracts/evidence-import/read-results.js';
import { field } from '../../../src/contracts/fields.js';
import { promptfooFile } from './promptfoo-file.js';

const imported = (file: unknown, renaming = {}, format: ResultsFormat = 'metrics') => {
  const read = readResults(format, file, renaming);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.imported;
};
const problem = (file: unknown, renaming = {}) => {
  const read = readResults('metrics', file, renaming);
  if (read.ok) throw new Error('it was read');
  const [problem] = read.problems;
  return `${problem?.path.join('.')} ${problem?.detail}`.trim();
};

describe('plain metrics', () => {
  it('are a name and a number each', () => {
    expect(imported({ f1: 0.985, 'gap/age-60+': { value: 1.5, n: 900 } })).toEqual({
      results: { f1: { value: 0.985 }, 'gap/age-60+': { value: 1.5, n: 900 } },
    });
  });

  it('may say when they were collected, and over how many samples all of them', () => {
    const file = {
      collectedAt: '2026-11-20T10:00:00+05:30',
      n: 4_000,
      metrics: { f1: 1, gap: { value: 2, n: 9 } },
    };
    expect(imported(file)).toEqual({
      collectedAt: '2026-11-20T10:00:00+05:30',
      results: { f1: { value: 1, n: 4_000 }, gap: { value: 2, n: 9 } },
    });
  });

  it.each([
    ['a text for a number', { f1: '0.98' }, /^f1 must be a number/],
    ['a number in the frame', { metrics: { f1: null } }, /^metrics\.f1 /],
    ['nothing', {}, /has no metric/],
    ['a list', [0.9], /must be a group of fields, not a list/],
    ['an unknown field of the frame', { metrics: { f1: 1 }, date: 'today' }, /unknown field "date"/],
    ['samples that are not whole', { f1: { value: 1, n: 1.5 } }, /^f1/],
    ['a time without its offset', { collectedAt: '2026-11-20', metrics: { f1: 1 } }, /^collectedAt /],
    ['a name of 161 characters', { ['x'.repeat(161)]: 1 }, /not allowed/],
    ['201 results', Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`m${n}`, n])), /at most 200/],
  ])('with %s are refused', (_what, file, said) => {
    expect(problem(file)).toMatch(said);
  });
});

describe('renaming', () => {
  it('gives a result the name that the spec knows it by', () => {
    expect(imported({ Accuracy: 0.98, other: 1 }, { Accuracy: 'f1' }).results).toEqual({
      f1: { value: 0.98 },
      other: { value: 1 },
    });
  });

  it('takes the count of what failed along', () => {
    const file = promptfooFile([{ metric: 'PolicyViolation', score: 1, pass: true }]);
    const { results } = imported(file, { PolicyViolation: 'n1' }, 'promptfoo');
    expect(Object.keys(results).toSorted()).toEqual(['n1', 'n1.failed', 'pass-rate']);
  });

  it('is refused for a result that is not there, and for two of one name', () => {
    expect(problem({ f1: 1 }, { F1: 'f1' })).toBe('has no F1 that could be renamed; it has f1');
    expect(problem({ f1: 1, Accuracy: 1 }, { Accuracy: 'f1' })).toMatch(
      /two results that would be called f1/,
    );
  });
});

describe('whatever is sent', () => {
  /** A file with any part of it replaced by anything. */
  const spoiled = (whole: unknown): fc.Arbitrary<unknown> =>
    fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.nat(8)).map(([other, seed, depth]) => {
      const replaced = (value: unknown, left: number): unknown => {
        if (left === 0 || typeof value !== 'object' || value === null) return other;
        const keys = Object.keys(value);
        const key = keys[seed % Math.max(keys.length, 1)];
        if (key === undefined) return other;
        const changed = replaced((value as Record<string, unknown>)[key], left - 1);
        return Array.isArray(value)
          ? value.map((each, at) => (String(at) === key ? changed : each))
          : { ...value, [key]: changed };
      };
      return replaced(whole, depth);
    });

  const mlflow = {
    run: {
      info: { status: 'FINISHED', end_time: 1_795_536_000_000 },
      data: { metrics: [{ key: 'f1', value: 0.9 }] },
    },
  };
  const files = fc.oneof(
    fc.jsonValue(),
    spoiled(promptfooFile([{ metric: 'tone', score: 1, pass: true }])),
    spoiled(mlflow),
    spoiled({ n: 5, metrics: { f1: 1, gap: { value: 2 } } }),
  );

  it('is read into results that a command can carry, or refused with a reason', () => {
    const reads = { ok: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...RESULTS_FORMATS), files, (format, file) => {
        const read = readResults(format, file);
        if (!read.ok) {
          expect(read.problems.length).toBeGreaterThan(0);
          expect(read.problems.every(({ detail }) => detail.length > 0)).toBe(true);
          reads.refused++;
        } else {
          expect(field.results.safeParse(read.imported.results).success).toBe(true);
          reads.ok++;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(reads.ok, reads.refused)).toBeGreaterThan(0);
  });
});
