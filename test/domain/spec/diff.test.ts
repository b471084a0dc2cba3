import { expect, test } from 'vitest';
import { diffClauses } from '../../../src/domain/spec/diff.js';

test('two versions differ in the clauses that came, went or changed', () => {
  const before = { c1: 'sha256:1', c2: 'sha256:2', n1: 'sha256:3' };
  const after = { c2: 'sha256:2b', n1: 'sha256:3', e9: 'sha256:9', a1: 'sha256:8' };
  expect(diffClauses(before, after)).toEqual({ added: ['a1', 'e9'], removed: ['c1'], changed: ['c2'] });
  expect(diffClauses(after, before)).toEqual({ added: ['c1'], removed: ['a1', 'e9'], changed: ['c2'] });
  expect(diffClauses(after, after)).toEqual({ added: [], removed: [], changed: [] });
});
