import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSpec } from '../../../src/contracts/compile-spec.js';
import type { Spec } from '../../../src/contracts/spec.js';
import { changesBetween } from '../../../src/domain/spec/changes.js';
import { diffClauses } from '../../../src/domain/spec/diff.js';
import { KYC_SPEC } from '../../contracts/spec/kyc-spec.js';

type Check = NonNullable<Spec['checks']>[number];
type Item = NonNullable<Spec['evidence']>[number];

function between(before: Spec, after: Spec) {
  const diff = diffClauses(compileSpec(before).clauses, compileSpec(after).clauses);
  return changesBetween(before, after, diff);
}

/** What is said of one clause of the KYC spec once it is changed so. */
function changed(change: Partial<Spec>): string[] {
  return between(KYC_SPEC, { ...KYC_SPEC, ...change }).map(
    ({ clause, words, effect }) => `${clause} ${effect}: ${words}`,
  );
}

const withCheck = (id: string, change: (check: Check) => Check): Partial<Spec> => ({
  checks: KYC_SPEC.checks?.map((check) => (check.id === id ? change(check) : check)) ?? [],
});
const withItem = (id: string, change: (item: Item) => Item): Partial<Spec> => ({
  evidence: KYC_SPEC.evidence?.map((item) => (item.id === id ? change(item) : item)) ?? [],
});

describe('a changed check', () => {
  const c2 = (change: Partial<Check>) => changed(withCheck('c2', (check) => ({ ...check, ...change })));

  test.each<[Partial<Check>, string]>([
    [{ value: 0.0002 }, 'stricter: limit 0.0005 → 0.0002 (stricter)'],
    [{ value: 0.001 }, 'looser: limit 0.0005 → 0.001 (looser)'],
    [{ op: '>=', value: 0.5 }, 'neither: op <= → >=; limit 0.0005 → 0.5'],
    [{ at: ['evidence', 'live'] }, 'looser: judged in no longer shadow, no longer canary (looser)'],
    [{ failAfter: 1 }, 'stricter: failing windows in a row that breach 2 → 1 (stricter)'],
    [{ onBreach: 'warn' }, 'looser: on breach roll-back → warn (looser)'],
    [{ onBreach: 'fall-back' }, 'stricter: on breach roll-back → fall-back (stricter)'],
    [{ minSample: 500 }, 'neither: samples needed auto → 500'],
    [{ window: '1d' }, 'neither: window 3d → 1d'],
    [{ by: ['age-60+'] }, 'neither: judged by group nothing → age-60+'],
    [
      { value: 0.0002, failAfter: 3 },
      'mixed: limit 0.0005 → 0.0002 (stricter); failing windows in a row that breach 2 → 3 (looser)',
    ],
  ])('%o', (change, words) => {
    expect(c2(change)).toEqual([`c2 ${words}`]);
  });

  test('a floor that falls is looser', () => {
    expect(changed(withCheck('c1', (check) => ({ ...check, value: 0.9 })))).toEqual([
      'c1 looser: limit 0.98 → 0.9 (looser)',
    ]);
  });

  test('fewer groups, fewer samples', () => {
    expect(changed(withCheck('c4', (check) => ({ ...check, by: ['skin-tone'], minSample: 100 })))).toEqual([
      'c4 looser: judged by group no longer age-60+ (looser); samples needed 500 → 100 (looser)',
    ]);
  });

  test('other groups are neither more nor fewer', () => {
    expect(changed(withCheck('c4', (check) => ({ ...check, by: ['skin-tone', 'region'] })))).toEqual([
      'c4 neither: judged by group also region, no longer age-60+',
    ]);
  });
});

describe('changed evidence', () => {
  test('that may be older, or come from anybody, is looser', () => {
    const e2 = withItem('e2', ({ from: _from, maxAge: _maxAge, ...item }) => item);
    expect(changed(e2)).toEqual([
      'e2 looser: at most this old 90d → nothing (looser); from independent → nothing (looser)',
    ]);
  });

  test('that proves more is stricter', () => {
    expect(changed(withItem('e4', (item) => ({ ...item, proves: ['c2', 'c3', 'c1'] })))).toEqual([
      'e4 stricter: proves also c1 (stricter)',
    ]);
  });
});

describe('a clause that comes or goes', () => {
  test('says all that it says', () => {
    const added = { id: 'c5', metric: 'tone', op: '>=', value: 0.9, at: ['live'], window: '1d' } as const;
    expect(changed({ checks: [...(KYC_SPEC.checks ?? []), { ...added, at: ['live'] }] })).toEqual([
      'c5 stricter: new: tone, at least 0.9, judged in live, window 1d',
    ]);
    expect(changed({ toPerson: KYC_SPEC.toPerson?.slice(1) ?? [] })).toEqual([
      'p1 looser: gone: when match-score below 0.92, queue doubtful',
    ]);
  });

  test('is looser for a permission, and stricter once it is forbidden', () => {
    expect(changed({ may: [...KYC_SPEC.may, { id: 'y4', action: 'guess' }] })).toEqual([
      'y4 looser: new: action guess',
    ]);
    const may = KYC_SPEC.may.slice(0, 2);
    const forbidden = { id: 'y3', action: 'clear', onAttempt: 'block' } as const;
    expect(changed({ may, mustNot: [...KYC_SPEC.mustNot, forbidden] })).toEqual([
      'y3 stricter: now in mustNot, was in may (stricter); on attempt nothing → block',
    ]);
  });
});

describe('what the guard judges by', () => {
  const may = (more: object): Partial<Spec> => ({
    may: KYC_SPEC.may.map((clause) => (clause.id === 'y3' ? { ...clause, ...more } : clause)),
  });
  const p1 = (more: object): Partial<Spec> => ({
    toPerson:
      KYC_SPEC.toPerson?.map((clause) => (clause.id === 'p1' ? { ...clause, ...more } : clause)) ?? [],
  });
  const score = (op: '<' | '>', value: number) => ({ when: { metric: 'match-score', op, value } });

  test.each<[Partial<Spec>, string]>([
    [may({ limit: 500 }), 'y3 stricter: limit nothing → 500 (stricter)'],
    [
      { mustNot: KYC_SPEC.mustNot.map((clause) => ({ ...clause, limit: 3 })) },
      'n1 looser: limit nothing → 3 (looser)',
    ],
    [may({ limit: 'one a day' }), 'y3 neither: limit nothing → one a day'],
    [p1(score('<', 0.95)), 'p1 stricter: when match-score below 0.92 → match-score below 0.95 (stricter)'],
    [p1(score('<', 0.9)), 'p1 looser: when match-score below 0.92 → match-score below 0.9 (looser)'],
    [p1(score('>', 0.95)), 'p1 neither: when match-score below 0.92 → match-score above 0.95'],
    [p1({ of: ['y3'] }), 'p1 looser: asked of nothing → y3 (looser)'],
  ])('%#', (change, words) => {
    expect(changed(change)).toEqual([words]);
  });

  test('is compared where it is a section of its own', () => {
    const guarded = (guard: NonNullable<Spec['guard']>): Spec => ({ ...KYC_SPEC, guard });
    const [change] = between(
      guarded({ sample: 0.1, whenUnknown: 'allow' }),
      guarded({ sample: 0.05, whenUnknown: 'review' }),
    );
    expect(change).toMatchObject({
      clause: 'guard',
      effect: 'mixed',
      words: 'share that people look at 0.1 → 0.05 (looser); where it cannot know allow → review (stricter)',
    });
  });
});

describe('a section without ids', () => {
  test('shows its fields, or what came and went', () => {
    expect(changed({ fallback: { ...KYC_SPEC.fallback, standsFor: '2d' } })).toEqual([
      'fallback neither: stands for 5d → 2d',
    ]);
    expect(changed({ dependsOn: ['vendor:ocr-api', 'vendor:face'], casesPerDay: 5_000 })).toEqual([
      'casesPerDay neither: 4000 → 5000',
      'dependsOn neither: also vendor:face, no longer use-case:customer-master',
    ]);
    expect(changed({ checkpoints: [{ before: 'readiness', function: 'risk', count: 2 }] })).toEqual([
      'checkpoints stricter: new: before readiness, function risk, count 2',
    ]);
  });
});

describe('what is said of any two versions', () => {
  const check = fc.record({
    id: fc.constantFrom('k1', 'k2', 'k3'),
    metric: fc.constant('tone'),
    op: fc.constant<Check['op']>('>='),
    value: fc.integer({ min: 0, max: 3 }),
    at: fc.uniqueArray(fc.constantFrom<Check['at'][number]>('evidence', 'canary', 'live'), { minLength: 1 }),
    failAfter: fc.integer({ min: 1, max: 3 }),
  });
  const version = fc.uniqueArray(check, { selector: ({ id }) => id, minLength: 1 }).map((checks): Spec => {
    const { may, mustNot, spec, purpose, fallback } = KYC_SPEC;
    return { spec, purpose, may, mustNot, fallback, checks };
  });

  test('is the opposite of what is said the other way round', () => {
    const opposite = { stricter: 'looser', looser: 'stricter', mixed: 'mixed', neither: 'neither' } as const;
    fc.assert(
      fc.property(version, version, (one, other) => {
        const there = between(one, other).map(({ clause, effect }) => [clause, opposite[effect]]);
        const back = between(other, one).map(({ clause, effect }) => [clause, effect]);
        expect(new Map(there as [string, string][])).toEqual(new Map(back as [string, string][]));
      }),
    );
  });

  test('is nothing exactly where they say the same', () => {
    fc.assert(
      fc.property(version, version, (one, other) => {
        const same = compileSpec(one).digest === compileSpec(other).digest;
        const reordered =
          JSON.stringify([...(one.checks ?? [])].sort((a, b) => a.id.localeCompare(b.id))) ===
          JSON.stringify([...(other.checks ?? [])].sort((a, b) => a.id.localeCompare(b.id)));
        expect(between(one, other).length === 0).toBe(same || reordered);
      }),
    );
  });
});
