import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readSpec } from '../../src/contracts/compile-spec.js';
import type { Spec } from '../../src/contracts/spec.js';
import { specProblems } from '../../src/contracts/spec-problems.js';
import type { Json } from '../../src/domain/json.js';
import { changesBetween } from '../../src/domain/spec/changes.js';
import { diffClauses } from '../../src/domain/spec/diff.js';
import { KYC_SPEC } from '../contracts/spec/kyc-spec.js';
import { shipped } from '../operating-models/shipped-models.js';

const text = readFileSync('docs/howto/specs.md', 'utf8');
const [, written = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
const { model } = shipped('standard');

function compiled(spec: unknown) {
  const read = readSpec(spec);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read;
}

describe('the page on specs', () => {
  test('shows a spec that has all that a medium use case needs', () => {
    const { spec, compiled: parts } = compiled(parse(written));
    expect(specProblems(spec, { mode: 'governed', tier: 'medium', model })).toEqual([]);
    const { needed = 0, available } = parts.load ?? {};
    expect(text.replaceAll('\n', ' ')).toContain(`10 % × 5 min = ${needed} h a day, of ${available}.`);
  });

  test('shows the diff of it as it is', () => {
    const first = compiled(parse(written));
    const checks = (first.spec.checks ?? []).map((check) =>
      check.id === 'c1'
        ? { ...check, value: 0.01, at: check.at.filter((place) => place !== 'canary') }
        : check,
    );
    const added = { id: 'c3', metric: 'tone', op: '>=', value: 0.9, at: ['live'], window: '1d' };
    const second = compiled({ ...first.spec, checks: [...checks, added] });
    const diff = diffClauses(first.compiled.clauses, second.compiled.clauses);
    const lines = changesBetween(first.spec as Json, second.spec as Json, diff).map(
      ({ change, section, clause, words }) =>
        `${change === 'added' ? '+' : '~'} ${section} ${clause}: ${words}`,
    );
    expect(text).toContain(`\`\`\`\n${lines.join('\n')}\n\`\`\``);
  });

  test('shows refusals as they are', () => {
    const tone = { id: 'c2', metric: 'tone', op: '>=', value: 0.9, at: ['live'] } as const;
    const said = (change: Partial<Spec>) => {
      const read = readSpec({
        ...KYC_SPEC,
        binds: {},
        success: {},
        evidence: KYC_SPEC.evidence?.slice(2, 3),
        ...change,
      });
      return read.ok ? [] : read.problems.map(({ path, detail }) => `/spec/${path.join('/')} ${detail}`);
    };
    const [contradiction] = said({
      checks: [
        { ...tone, at: ['live'] },
        { ...tone, id: 'c5', op: '<=', value: 0.8, at: ['live'] },
      ],
      retrain: [{ check: 'c2', over: 1, for: '14d', opens: 'model' }],
    });
    const [both] = said({ mustNot: [{ id: 'n1', action: 'clear', onAttempt: 'block' }] });
    const [queue] = said({ toPerson: [{ id: 'p1', when: { flag: 'a' }, queue: 'doubts' }] });
    for (const problem of [contradiction, both, queue]) expect(text).toContain(`\n${problem}\n`);
  });
});
