import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, Facts } from '../../../src/domain/governance/facts.js';
import { computeTier } from '../../../src/domain/governance/tier.js';
import { TIERS } from '../../../src/domain/vocabulary.js';
import { shipped } from '../../operating-models/shipped-models.js';

const { model } = shipped('standard');

const answer = ({ type, answers }: Fact): fc.Arbitrary<string | string[]> =>
  type === 'several'
    ? fc.oneof(
        { weight: 5, arbitrary: fc.subarray([...answers]) },
        { weight: 1, arbitrary: fc.constant('unsure') },
      )
    : fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...answers) },
        { weight: 1, arbitrary: fc.constant('unsure') },
      );
const anyFacts: fc.Arbitrary<Facts> = fc.record(
  Object.fromEntries(model.facts.map((definition) => [definition.id, answer(definition)])),
);
const anyFact = fc.constantFrom(...model.facts);

/** Every answer to a fact that is worse than the one given. */
function worse({ type, answers }: Fact, given: string | readonly string[] = []): (string | string[])[] {
  const own = answers.includes('unsure');
  if (given === 'unsure' && !own) return [];
  const unsure = own ? [] : ['unsure'];
  switch (type) {
    case 'scale':
      return [...answers.slice(answers.indexOf(String(given)) + 1), ...unsure];
    case 'kind':
      return given === answers[0] ? [...answers.slice(1), ...unsure] : unsure;
    case 'several':
      return [...answers.filter((one) => !given.includes(one)).map((one) => [given, one].flat()), ...unsure];
  }
}

/** That no answer made worse lowers the tier of these rules. */
function neverLowers(policy: Parameters<typeof computeTier>[0]) {
  const severity = (facts: Facts) => TIERS.indexOf(computeTier(policy, facts).tier);
  return fc.property(anyFacts, anyFact, (facts, definition) => {
    const before = severity(facts);
    return worse(definition, facts[definition.id]).every(
      (answered) => severity({ ...facts, [definition.id]: answered }) >= before,
    );
  });
}

describe('a worse answer', () => {
  test('never lowers the tier, whatever the other answers are', () => {
    fc.assert(neverLowers(model), { numRuns: 1_000 });
  });

  test('is tried for every fact, unsure included', () => {
    for (const { id, type, answers } of model.facts) {
      const mildest = type === 'several' ? [] : answers[0];
      const tried = worse({ id, question: '', type, answers }, mildest);
      expect(tried).toContain('unsure');
      expect(tried.length).toBeGreaterThan(1);
    }
  });

  test('is caught where rules do lower the tier for it', () => {
    const onlyInforms = { fact: 'effect', op: '=', value: 'informs' } as const;
    const onlyAbroad = { not: { fact: 'where', op: 'includes', value: 'EU' } } as const;
    for (const when of [onlyInforms, onlyAbroad]) {
      const crooked = { ...model, tierRules: [{ id: 'X1', tier: 'high', when } as const] };
      expect(fc.check(neverLowers(crooked), { numRuns: 1_000 }).failed).toBe(true);
    }
  });
});
