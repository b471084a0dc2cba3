import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSpec } from '../../../src/contracts/compile-spec.js';
import type { Spec } from '../../../src/contracts/spec.js';
import { digestOf, isDigest } from '../../../src/domain/digest.js';
import { diffClauses } from '../../../src/domain/spec/diff.js';
import { KYC_SPEC, LIGHT_SPEC } from './kyc-spec.js';

const DAY = 86_400_000;
const compiled = compileSpec(KYC_SPEC);

describe('a compiled spec', () => {
  test('has the digest of the whole document', () => {
    expect(compiled.digest).toBe(digestOf(JSON.parse(JSON.stringify(KYC_SPEC))));
  });

  test('makes explicit what a check leaves out', () => {
    expect(compiled.checks).toEqual([
      {
        id: 'c1',
        metric: 'f1',
        op: '>=',
        value: 0.98,
        at: ['evidence'],
        by: [],
        window: null,
        failAfter: 1,
        minSample: 'auto',
        onBreach: null,
      },
      expect.objectContaining({ id: 'c2', window: 3 * DAY, failAfter: 2, onBreach: 'roll-back' }),
      expect.objectContaining({ id: 'c3', window: DAY, failAfter: 1, onBreach: 'warn' }),
      expect.objectContaining({ id: 'c4', by: ['skin-tone', 'age-60+'], minSample: 500 }),
    ]);
  });

  test('says which evidence is due where', () => {
    expect(compiled.evidence).toEqual([
      {
        id: 'e1',
        kind: 'eval',
        before: 'readiness',
        maxAge: 90 * DAY,
        from: 'any',
        proves: ['c1', 'c2', 'c4'],
      },
      {
        id: 'e2',
        kind: 'red-team',
        before: 'readiness',
        maxAge: 90 * DAY,
        from: 'independent',
        proves: ['n1'],
      },
      { id: 'e3', kind: 'privacy', before: 'specification', maxAge: 365 * DAY, from: 'any', proves: [] },
      { id: 'e4', kind: 'shadow', before: 'canary', maxAge: null, from: 'any', proves: ['c2', 'c3'] },
    ]);
  });

  test('carries queues, bindings and definitions of success', () => {
    expect(compiled.queues).toEqual([
      {
        id: 'doubtful',
        owner: 'meera',
        sla: '4bh',
        calendar: 'in-mumbai',
        secondLine: 'operations-head',
        default: 'manual',
      },
    ]);
    // What a spec leaves out stays out, for the operating model to say.
    const queues = [{ id: 'doubtful', owner: 'meera', minutesPerItem: 6, hoursPerDay: 64 }];
    expect(compileSpec({ ...KYC_SPEC, queues }).queues).toEqual([{ id: 'doubtful', owner: 'meera' }]);
    expect(compiled.binds).toEqual(KYC_SPEC.binds);
    expect(compiled.success).toEqual(KYC_SPEC.success);
    expect(compiled.checkpoints).toEqual([]);
    expect(compiled.fallback).toBe(true);
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
    expect(compileSpec(LIGHT_SPEC)).toMatchObject({ checks: [], evidence: [], queues: [], load: null });
  });
});

describe('clauses', () => {
  test('are every id and every section that has none', () => {
    const numbered = 's1 s2 s3 y1 y2 y3 n1 c1 c2 c3 c4 p1 p2 doubtful e1 e2 e3 e4';
    const whole = 'purpose value casesPerDay binds retrain fallback dependsOn success';
    expect(Object.keys(compiled.clauses).sort()).toEqual(`${numbered} ${whole}`.split(' ').sort());
    expect(Object.values(compiled.clauses).every(isDigest)).toBe(true);
  });

  const touched = (change: Partial<Spec>) =>
    diffClauses(compiled.clauses, compileSpec({ ...KYC_SPEC, ...change }).clauses);

  test('show a changed threshold, and nothing else', () => {
    const checks = KYC_SPEC.checks?.map((check) => (check.id === 'c2' ? { ...check, value: 0.001 } : check));
    expect(touched(checks === undefined ? {} : { checks })).toEqual({
      added: [],
      removed: [],
      changed: ['c2'],
    });
  });

  test('show a permission that became a prohibition', () => {
    const moved = { id: 'y3', action: 'clear', onAttempt: 'block' } as const;
    const may = KYC_SPEC.may.filter(({ id }) => id !== 'y3');
    expect(touched({ may, mustNot: [...KYC_SPEC.mustNot, moved] }).changed).toEqual(['y3']);
  });

  test('show changes of sections without ids', () => {
    expect(touched({ casesPerDay: 5_000, dependsOn: [] }).changed).toEqual(['casesPerDay', 'dependsOn']);
  });

  test('do not show the order in which they are written', () => {
    expect(touched({ steps: KYC_SPEC.steps?.toReversed() ?? [] })).toEqual({
      added: [],
      removed: [],
      changed: [],
    });
  });
});

describe('the load on people', () => {
  const load = (change: Partial<Spec>) => compileSpec({ ...KYC_SPEC, ...change }).load;
  const [queue] = KYC_SPEC.queues ?? [];
  if (queue === undefined) throw new Error('the example has a queue');

  test('is volume × review limit × minutes, against the hours there are', () => {
    expect(compiled.load).toEqual({
      needed: 60,
      available: 64,
      arithmetic: '4,000 × 15 % × 6 min = 60 h a day, 64 h available',
    });
  });

  test('counts every case where nothing limits the review rate', () => {
    const checks = KYC_SPEC.checks?.filter(({ metric }) => metric !== 'review-rate') ?? [];
    expect(load({ checks })).toMatchObject({
      needed: 400,
      arithmetic: '4,000 × 100 % (no check limits review-rate) × 6 min = 400 h a day, 64 h available',
    });
  });

  test('takes the hours of all queues and the slowest of them', () => {
    const second = { ...queue, id: 'second', minutesPerItem: 7.5, hoursPerDay: 20.5 };
    expect(load({ queues: [queue, second] })).toEqual({
      needed: 75,
      available: 84.5,
      arithmetic: '4,000 × 15 % × 7.5 min = 75 h a day, 84.5 h available',
    });
  });

  test('is none without a queue or a volume', () => {
    const { queues: _queues, toPerson: _toPerson, ...without } = KYC_SPEC;
    expect(compileSpec(without).load).toBeNull();
    const { casesPerDay: _casesPerDay, ...unknown } = KYC_SPEC;
    expect(compileSpec(unknown).load).toBeNull();
  });

  test('never shows a binary fraction', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 999 }),
        (cases, perMille) => {
          const checks = [
            { id: 'c3', metric: 'review-rate', op: '<=', value: perMille / 1_000, at: ['live'] },
          ] as const;
          const text = load({
            casesPerDay: cases,
            checks: checks.map((check) => ({ ...check, at: [...check.at] })),
          });
          expect(text?.arithmetic).toMatch(
            /^[\d,]+ × [\d.]{1,4} % × 6 min = [\d,]+(\.\d{1,2})? h a day, 64 h available$/,
          );
        },
      ),
    );
  });
});
