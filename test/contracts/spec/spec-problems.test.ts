import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../src/contracts/spec.js';
import { type SpecTerms, specProblems } from '../../../src/contracts/spec-problems.js';
import { MODES } from '../../../src/domain/vocabulary.js';
import { shipped } from '../../operating-models/shipped-models.js';
import { KYC_SPEC, LIGHT_SPEC } from './kyc-spec.js';

const { model } = shipped('standard');
const TIERS = ['low', 'medium', 'high'] as const;
const VENDORS = { effect: 'recommends', supplier: 'vendor-can-change', technique: 'quantitative' };

function lacks(
  spec: Spec,
  mode: SpecTerms['mode'],
  tier: SpecTerms['tier'],
  facts?: SpecTerms['facts'],
): string[] {
  const terms = { mode, tier, model, ...(facts === undefined ? {} : { facts }) };
  return specProblems(spec, terms).map(({ pointer }) => pointer);
}
function without<K extends keyof Spec>(...fields: K[]): Omit<Spec, K> {
  const left: Spec = { ...KYC_SPEC };
  for (const field of fields) delete left[field];
  return left;
}

describe('what is required by mode and tier', () => {
  test('the KYC spec has all that governed high asks', () => {
    expect(lacks(KYC_SPEC, 'governed', 'high', VENDORS)).toEqual([]);
    expect(lacks(KYC_SPEC, 'governed', 'high')).toEqual([]);
  });

  test('the light form has all that a pilot asks, except that a high one sends cases to people', () => {
    expect(lacks(LIGHT_SPEC, 'pilot', 'low')).toEqual([]);
    expect(lacks(LIGHT_SPEC, 'pilot', 'medium')).toEqual([]);
    expect(lacks(LIGHT_SPEC, 'pilot', 'high')).toEqual(['/toPerson']);
  });

  test('a pilot says who takes part', () => {
    const { cohort: _cohort, ...nobody } = LIGHT_SPEC;
    expect(lacks(nobody, 'pilot', 'low')).toEqual(['/cohort']);
  });

  /** Where a field must be filled, by mode and tier: the column "required". */
  const REQUIRED: readonly [keyof Spec, string, readonly string[]][] = [
    ['value', '/value', ['governed low', 'governed medium', 'governed high']],
    ['casesPerDay', '/casesPerDay', ['governed medium', 'governed high']],
    ['steps', '/steps', ['governed low', 'governed medium', 'governed high']],
    ['checks', '/checks', ['governed low', 'governed medium', 'governed high']],
    ['toPerson', '/toPerson', ['pilot high', 'governed medium', 'governed high']],
    ['evidence', '/evidence', ['governed low', 'governed medium', 'governed high']],
    ['binds', '/binds', ['governed medium', 'governed high']],
    ['retrain', '/retrain', ['governed high']],
    ['dependsOn', '/dependsOn', ['governed medium', 'governed high']],
  ];

  test.each(REQUIRED)('%s', (field, pointer, where) => {
    const left = without(field) as Spec;
    const found = MODES.flatMap((mode) =>
      TIERS.filter((tier) => lacks(left, mode, tier).includes(pointer)).map((tier) => `${mode} ${tier}`),
    );
    expect(found).toEqual(where);
  });

  test('success of each function that has a seat on the way from the spec to release', () => {
    const left = without('success') as Spec;
    const names = (tier: (typeof TIERS)[number]) =>
      lacks(left, 'governed', tier)
        .filter((pointer) => pointer.startsWith('/success/'))
        .map((pointer) => pointer.slice(9));
    expect(names('low')).toEqual(['product', 'operations']);
    expect(names('medium')).toEqual(['product', 'governance']);
    expect(names('high')).toEqual(['product', 'engineering', 'governance', 'risk', 'operations']);
    expect(lacks(left, 'pilot', 'low')).not.toContain('/success/product');
  });
});

describe('checks', () => {
  const noGroups = KYC_SPEC.checks?.map(({ by: _by, ...check }) => check) ?? [];

  test('are judged by groups where people are judged', () => {
    expect(lacks({ ...KYC_SPEC, checks: noGroups }, 'governed', 'high', VENDORS)).toEqual(['/checks']);
    expect(lacks({ ...KYC_SPEC, checks: noGroups }, 'governed', 'medium', VENDORS)).not.toContain('/checks');
    const informing = { ...VENDORS, effect: 'informs' };
    expect(lacks({ ...KYC_SPEC, checks: noGroups }, 'governed', 'high', informing)).toEqual([]);
  });

  test('count as judging people while that is unsure or not assessed', () => {
    expect(
      lacks({ ...KYC_SPEC, checks: noGroups }, 'governed', 'high', { ...VENDORS, effect: 'unsure' }),
    ).toEqual(['/checks']);
    expect(lacks({ ...KYC_SPEC, checks: noGroups }, 'governed', 'high')).toEqual(['/checks']);
  });

  test('watch the live release at least once', () => {
    const offline = KYC_SPEC.checks?.map((check) => ({ ...check, at: ['evidence' as const] })) ?? [];
    expect(lacks({ ...KYC_SPEC, checks: offline }, 'governed', 'high', VENDORS)).toContain('/checks');
  });

  test('judged on evidence name the evidence that proves them', () => {
    const evidence = KYC_SPEC.evidence?.slice(1) ?? [];
    expect(lacks({ ...KYC_SPEC, evidence }, 'governed', 'high', VENDORS)).toEqual([
      '/checks/0/at',
      '/checks/3/at',
    ]);
  });
});

describe('retraining', () => {
  const left = without('retrain') as Spec;
  test.each([
    ['own quantitative model', { supplier: 'own', technique: 'quantitative' }, true],
    ['own rules', { supplier: 'own', technique: 'rules' }, false],
    ["a vendor's model", { supplier: 'pinned-vendor', technique: 'generative' }, false],
    ['a supplier nobody knows', { supplier: 'unsure', technique: 'generative' }, true],
  ])('%s', (_what, facts, asked) => {
    expect(lacks(left, 'governed', 'high', facts).includes('/retrain')).toBe(asked);
  });
});

describe('names of the operating model', () => {
  test('a gate or step that the tier does not have', () => {
    const problems = specProblems(KYC_SPEC, { mode: 'governed', tier: 'low', model, facts: VENDORS });
    expect(problems).toContainEqual({
      pointer: '/evidence/0/before',
      detail: 'e1: governed low has no "readiness"; choose from launch, ramp, full',
    });
    const checkpoints = [{ before: 'start' as const, function: 'risk' as const, count: 1 }];
    expect(lacks({ ...KYC_SPEC, checkpoints }, 'governed', 'high', VENDORS)).toEqual([
      '/checkpoints/0/before',
    ]);
  });

  test('a checkpoint where it can add a seat', () => {
    const before = (place: 'scoping' | 'specification' | 'readiness' | 'change' | 'promotion') =>
      [{ before: place, function: 'risk', count: 1 }] as const;
    const problems = (place: Parameters<typeof before>[0], mode: SpecTerms['mode']) =>
      specProblems(
        { ...(mode === 'pilot' ? LIGHT_SPEC : KYC_SPEC), checkpoints: [...before(place)] },
        { mode, tier: mode === 'pilot' ? 'low' : 'high', model, facts: VENDORS },
      ).map(({ detail }) => detail);
    expect(problems('scoping', 'governed')).toEqual([
      'a spec adds no seat to "scoping" in governed high; choose from specification, readiness, change',
    ]);
    for (const place of ['specification', 'readiness', 'change'] as const)
      expect(problems(place, 'governed'), place).toEqual([]);
    expect(problems('promotion', 'governed')).toHaveLength(1);
    expect(problems('promotion', 'pilot')).toEqual([]);
  });

  test('a calendar that is not there', () => {
    const queues = KYC_SPEC.queues?.map((queue) => ({ ...queue, calendar: 'in-pune' })) ?? [];
    expect(
      specProblems({ ...KYC_SPEC, queues }, { mode: 'governed', tier: 'high', model, facts: VENDORS }),
    ).toEqual([
      {
        pointer: '/queues/0/calendar',
        detail:
          'doubtful: the operating model has no calendar "in-pune"; choose from in-mumbai, eu-berlin, us-new-york, always',
      },
    ]);
  });
});
