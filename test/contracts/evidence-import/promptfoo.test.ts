import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPromptfoo } from '../../../src/contracts/evidence-import/promptfoo.js';
import { promptfooFile } from './promptfoo-file.js';

// Written by promptfoo 0.121.20 from three tests on its echo provider; one derived metric, which no assertion made.
const written = readFileSync('test/contracts/evidence-import/promptfoo-0.121.json', 'utf8');

const problem = (file: unknown): string => {
  const read = readPromptfoo(file);
  if (read.ok) throw new Error('it was read');
  const [problem] = read.problems;
  return `${problem?.path.join('.')} ${problem?.detail}`.trim();
};

describe('a file of promptfoo', () => {
  it('gives the pass rate, and of every metric its mean and how often it failed', () => {
    expect(readPromptfoo(JSON.parse(written))).toEqual({
      ok: true,
      imported: {
        collectedAt: '2026-11-24T16:07:00.492Z',
        results: {
          'pass-rate': { value: 2 / 3, n: 3 },
          f1: { value: 0.5, n: 2 },
          'f1.failed': { value: 1, n: 2 },
          n1: { value: 0.5, n: 2 },
          'n1.failed': { value: 1, n: 2 },
          'f1/age-60+': { value: 0.5, n: 1 },
          'f1/age-60+.failed': { value: 0, n: 1 },
        },
      },
    });
  });

  it('counts each assertion, whatever the order of tests', () => {
    const scores = fc.array(
      fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), pass: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(scores, (all) => {
        const rows = all.map((each) => ({ ...each, metric: 'tone' }));
        const [there, back] = [rows, rows.toReversed()].map((each) => readPromptfoo(promptfooFile(each)));
        if (!there?.ok || !back?.ok) throw new Error('it was not read');
        const { tone, 'tone.failed': failed } = there.imported.results;
        expect(tone?.n).toBe(all.length);
        expect(tone?.value).toBeCloseTo(all.reduce((sum, { score }) => sum + score, 0) / all.length, 9);
        expect(failed?.value).toBe(all.filter(({ pass }) => !pass).length);
        expect(back.imported.results.tone?.value).toBeCloseTo(tone?.value ?? Number.NaN, 9);
      }),
    );
  });

  const good = () => promptfooFile([{ metric: 'tone', score: 1, pass: true }]);
  const changed = (change: (results: ReturnType<typeof good>['results']) => void): unknown => {
    const file = structuredClone(good());
    change(file.results);
    return file;
  };

  it.each([
    ['of another form', { results: [] }, /^results must be a group of fields/],
    [
      'of an older version',
      changed((r) => Object.assign(r, { version: 2 })),
      /^results\.version .*write it anew/,
    ],
    [
      'without its time',
      changed((r) => Object.assign(r, { timestamp: undefined })),
      /^results\.timestamp is missing/,
    ],
    ['without a test', changed((r) => r.results.splice(0)), /^results\.results must be at least 1 entry/],
    [
      'with tests that ended in an error',
      changed((r) => Object.assign(r.stats, { errors: 1 })),
      /promptfoo retry/,
    ],
    ['cut short', changed((r) => Object.assign(r.stats, { successes: 9 })), /export the whole evaluation/],
    [
      'of two prompts side by side',
      changed((r) => {
        r.results.push({ ...structuredClone(good().results.results[0] as object), promptIdx: 1 } as never);
        r.stats.successes = 2;
      }),
      /2 prompts or models side by side/,
    ],
    ['that is no object', 'results', /must be a group of fields, not "results"/],
  ])('%s is refused', (_what, file, said) => {
    expect(problem(file)).toMatch(said);
  });
});
