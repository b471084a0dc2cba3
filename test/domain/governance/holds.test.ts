import { describe, expect, test } from 'vitest';
import type { Expression } from '../../../src/domain/governance/expression.js';
import type { Fact, Facts } from '../../../src/domain/governance/facts.js';
import { factsNamed, holds } from '../../../src/domain/governance/holds.js';

const definitions: readonly Fact[] = [
  { id: 'effect', question: '?', type: 'scale', answers: ['none', 'informs', 'decides'] },
  { id: 'activity', question: '?', type: 'kind', answers: ['none', 'credit', 'advice'] },
  { id: 'where', question: '?', type: 'several', answers: ['EU', 'US'] },
];
const facts: Facts = { effect: 'informs', activity: 'credit', where: ['EU'] };
const check = (expression: Expression, given: Facts = facts) => holds(expression, given, definitions);

describe('comparisons', () => {
  test.each<[string, Expression, boolean]>([
    ['= the answer', { fact: 'activity', op: '=', value: 'credit' }, true],
    ['= another', { fact: 'activity', op: '=', value: 'advice' }, false],
    ['!= the answer', { fact: 'activity', op: '!=', value: 'credit' }, false],
    ['!= another', { fact: 'activity', op: '!=', value: 'none' }, true],
    ['in with it', { fact: 'activity', op: 'in', value: ['credit', 'advice'] }, true],
    ['in without it', { fact: 'activity', op: 'in', value: ['advice'] }, false],
    ['>= a milder one', { fact: 'effect', op: '>=', value: 'none' }, true],
    ['>= itself', { fact: 'effect', op: '>=', value: 'informs' }, true],
    ['>= a worse one', { fact: 'effect', op: '>=', value: 'decides' }, false],
    ['includes a member', { fact: 'where', op: 'includes', value: 'EU' }, true],
    ['includes a stranger', { fact: 'where', op: 'includes', value: 'US' }, false],
  ])('%s', (_name, expression, expected) => {
    expect(check(expression)).toBe(expected);
  });

  test('with a fact that is not answered are false, even "!="', () => {
    expect(check({ fact: 'activity', op: '!=', value: 'none' }, {})).toBe(false);
  });

  test('with an answer that does not exist are false', () => {
    expect(check({ fact: 'effect', op: '>=', value: 'explodes' })).toBe(false);
    expect(check({ fact: 'effect', op: '>=', value: 'none' }, { effect: 'explodes' })).toBe(false);
  });
});

describe('combinations', () => {
  const yes: Expression = { fact: 'activity', op: '=', value: 'credit' };
  const no: Expression = { fact: 'activity', op: '=', value: 'none' };

  test('all, any and not', () => {
    expect(check({ all: [yes, yes] })).toBe(true);
    expect(check({ all: [yes, no] })).toBe(false);
    expect(check({ any: [no, yes] })).toBe(true);
    expect(check({ any: [no, no] })).toBe(false);
    expect(check({ not: { any: [no, { all: [yes, { not: yes }] }] } })).toBe(true);
  });

  test('name every fact they ask for', () => {
    expect(
      factsNamed({ all: [yes, { not: { any: [{ fact: 'where', op: 'includes', value: 'EU' }] } }] }),
    ).toEqual(['activity', 'where']);
  });
});
