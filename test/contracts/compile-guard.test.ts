import { describe, expect, test } from 'vitest';
import { compileGuard } from '../../src/contracts/compile-guard.js';
import { readSpec } from '../../src/contracts/compile-spec.js';
import { fieldName } from '../../src/contracts/form.js';
import { GUARD_SAYS, guardCheckBody } from '../../src/contracts/guard.js';
import { GUARD_REASONS } from '../../src/domain/guard/judge.js';
import { guardRules, guardSpec } from '../domain/guard/rules.js';
import { KYC_SPEC } from './spec/kyc-spec.js';

/** Conditions that ask for no clause that a test leaves out. */
const toPerson = [{ id: 'p2', when: { flag: 'asks' }, queue: 'desk' }];

describe('what is compiled of a spec', () => {
  test('finds clauses by what they call the action and by their ids', () => {
    const { may, mustNot } = guardRules();
    expect([...may.keys()].sort()).toEqual(['extract', 'refund', 'reply', 'y1', 'y2', 'y3', 'y4']);
    expect(may.get('refund')).toEqual([
      { id: 'y1', limit: 100, onAttempt: 'block', accepts: null },
      { id: 'y2', limit: 500, onAttempt: 'review', accepts: null },
    ]);
    expect(mustNot.get('refund')).toEqual([{ id: 'n2', limit: 1_000, onAttempt: 'block-and-incident' }]);
  });

  test('takes an action called like its clause once', () => {
    expect(guardRules({ may: [{ id: 'clear', action: 'Clear' }], toPerson }).may.get('clear')).toHaveLength(
      1,
    );
  });

  test('leaves limits in words to people', () => {
    const may = [{ id: 'y1', action: 'refund', limit: 'as the desk says' }];
    expect(guardRules({ may, toPerson }).may.get('y1')).toMatchObject([{ limit: null }]);
  });

  test('is a block where nothing is said, and the first queue where no condition names one', () => {
    expect(guardRules()).toMatchObject({ whenUnknown: 'block', sample: 0, queue: 'desk' });
    const guard = { whenUnknown: 'allow', sample: 0.1, queue: 'front' };
    expect(guardRules({ guard })).toMatchObject(guard);
  });

  test('has the digest of the spec that is approved', () => {
    const read = readSpec(KYC_SPEC);
    if (!read.ok) throw new Error('the example is a spec');
    expect(compileGuard(read.spec).spec).toBe(read.compiled.digest);
  });
});

describe('what a spec says about the guard', () => {
  const said = (change: object): string[] => {
    const read = readSpec({ ...JSON.parse(JSON.stringify(guardSpec())), ...change });
    return read.ok ? [] : read.problems.map(({ path, detail }) => `${fieldName(path)}: ${detail}`);
  };

  test('is a clause of its own: changing it changes the spec', () => {
    const read = readSpec(guardSpec({ guard: { sample: 0.1 } }));
    expect(read.ok && Object.keys(read.compiled.clauses)).toContain('guard');
  });

  test('is refused where it names what is not there', () => {
    expect(said({ guard: { queue: 'nowhere' } })).toEqual([
      expect.stringContaining('guard.queue: there is no queue "nowhere" here; there is desk, front'),
    ]);
    const of = ['y1', 'n1'];
    expect(said({ toPerson: toPerson.map((each) => ({ ...each, of })) })).toEqual([
      expect.stringContaining('there is no may "n1" here'),
    ]);
  });

  test('is refused where it is no share, no verdict or no shape', () => {
    expect(said({ guard: { sample: 1.5 } })).toHaveLength(1);
    expect(said({ guard: { whenUnknown: 'perhaps' } })).toHaveLength(1);
    expect(
      said({ may: [{ id: 'y1', action: 'reply', accepts: { text: { is: 'html' } } }], toPerson }),
    ).not.toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`f${n}`, { is: 'yes-no' }]));
    expect(said({ may: [{ id: 'y1', action: 'reply', accepts: many }], toPerson })).toEqual([
      expect.stringContaining('describe at most 20 fields'),
    ]);
    const forbidden = [{ id: 'n1', action: 'reply', onAttempt: 'block', accepts: {} }];
    expect(said({ mustNot: forbidden })).not.toEqual([]);
  });
});

describe('what a system asks', () => {
  test('has an example, and every reason a sentence', () => {
    const { example } = guardCheckBody.meta() as { example: object };
    expect(guardCheckBody.safeParse(example).success).toBe(true);
    expect(Object.keys(GUARD_SAYS).sort()).toEqual([...GUARD_REASONS].sort());
  });

  test.each([
    [{ action: 'clear' }, 'no case'],
    [{ action: '', case: 'c' }, 'no action'],
    [{ action: 'clear', case: 'a b' }, 'a case with words'],
    [{ action: 'clear', case: 'c', amount: -1 }, 'less than nothing'],
    [{ action: 'clear', case: 'c', measures: { score: 'high' } }, 'a measure in words'],
    [{ action: 'clear', case: 'c', output: 'text' }, 'an output without fields'],
    [{ action: 'clear', case: 'c', flags: Array.from({ length: 51 }, () => 'f') }, 'too many flags'],
    [{ action: 'clear', case: 'c', surprise: true }, 'a field that nobody knows'],
  ])('%j is refused: %s', (body, _why) => {
    expect(guardCheckBody.safeParse(body).success).toBe(false);
  });
});
