import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../src/domain/governance/facts.js';
import {
  assignmentsWhenUnsure,
  couldHold,
  possibleFacts,
} from '../../../src/domain/governance/possible-facts.js';

const scale: Fact = { id: 'effect', question: '?', type: 'scale', answers: ['none', 'informs', 'decides'] };
const kind: Fact = { id: 'activity', question: '?', type: 'kind', answers: ['none', 'credit'] };
const several: Fact = { id: 'where', question: '?', type: 'several', answers: ['EU', 'US'] };
const own: Fact = { id: 'listed', question: '?', type: 'scale', answers: ['none', 'unsure', 'listed'] };

describe('what unsure stands for', () => {
  test('on a scale, the worst answer', () => {
    expect(possibleFacts({ effect: 'unsure' }, [scale])).toEqual([{ effect: 'decides' }]);
  });

  test('of a kind, every answer', () => {
    expect(possibleFacts({ activity: 'unsure' }, [kind])).toEqual([
      { activity: 'none' },
      { activity: 'credit' },
    ]);
  });

  test('of several, every combination', () => {
    const found = possibleFacts({ where: 'unsure' }, [several]).map(({ where }) => where);
    expect(found).toHaveLength(4);
    expect(found).toEqual(expect.arrayContaining([[], ['EU'], ['US'], ['EU', 'US']]));
  });

  test('where the fact lists it, itself', () => {
    expect(possibleFacts({ listed: 'unsure' }, [own])).toEqual([{ listed: 'unsure' }]);
  });

  test('is what a missing or unknown answer counts as', () => {
    expect(possibleFacts({}, [scale, own])).toEqual([{ effect: 'decides', listed: 'unsure' }]);
    expect(possibleFacts({ effect: 'explodes' }, [scale])).toEqual([{ effect: 'decides' }]);
    expect(possibleFacts({ where: ['EU', 'Mars'] }, [several])).toHaveLength(4);
  });

  test('leaves given answers alone', () => {
    const facts = { effect: 'none', activity: 'credit', where: ['US'] };
    expect(possibleFacts(facts, [scale, kind, several])).toEqual([facts]);
  });

  test('combines in as many ways as is announced', () => {
    const definitions = [scale, kind, several, own];
    expect(possibleFacts({}, definitions)).toHaveLength(assignmentsWhenUnsure(definitions));
  });
});

describe('whether a condition could hold', () => {
  test('tries the middle of a scale too', () => {
    const informs = { fact: 'effect', op: '=', value: 'informs' } as const;
    expect(couldHold(informs, { effect: 'unsure' }, [scale])).toBe(true);
    expect(couldHold(informs, { effect: 'none' }, [scale])).toBe(false);
  });

  test('sees through a negation', () => {
    const notCredit = { not: { fact: 'activity', op: '=', value: 'credit' } } as const;
    expect(couldHold(notCredit, { activity: 'unsure' }, [kind])).toBe(true);
    expect(couldHold(notCredit, { activity: 'credit' }, [kind])).toBe(false);
  });
});
