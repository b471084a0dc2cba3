import { describe, expect, test } from 'vitest';
import { answerProblems } from '../../../src/domain/governance/answers.js';
import type { Fact } from '../../../src/domain/governance/facts.js';

const definitions: readonly Fact[] = [
  { id: 'effect', question: 'What effect?', type: 'scale', answers: ['none', 'decides'] },
  { id: 'where', question: 'Where?', type: 'several', answers: ['EU', 'US'] },
  { id: 'listed', question: 'Listed?', type: 'scale', answers: ['none', 'unsure', 'listed'] },
];
const good = { effect: 'none', where: ['EU'], listed: 'none' };

describe('answers to the facts', () => {
  test('are fine when each is on offer', () => {
    expect(answerProblems(good, definitions)).toEqual([]);
    expect(answerProblems({ effect: 'unsure', where: 'unsure', listed: 'unsure' }, definitions)).toEqual([]);
    expect(answerProblems({ ...good, where: [] }, definitions)).toEqual([]);
  });

  test.each([
    ['an unknown fact', { ...good, colour: 'red' }, 'colour', 'its facts are effect, where, listed'],
    ['a missing one', { effect: 'none', where: [] }, 'listed', 'one of none, unsure, listed'],
    [
      'an unknown answer',
      { ...good, effect: 'explodes' },
      'effect',
      '"explodes" is not offered; answer one of none, decides, unsure',
    ],
    ['a list for one answer', { ...good, effect: ['none'] }, 'effect', 'a single answer'],
    ['one answer for a list', { ...good, where: 'EU' }, 'where', 'a list of EU, US'],
    ['a stranger in a list', { ...good, where: ['EU', 'Mars'] }, 'where', '"Mars" is not offered'],
  ])('name %s and the way out', (_what, facts, fact, words) => {
    expect(answerProblems(facts, definitions)).toEqual([{ fact, message: expect.stringContaining(words) }]);
  });
});
