import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  actingReleases,
  blocked,
  judgeAction,
  type ProposedAction,
  stricterJudgement,
  unknown,
} from '../../../src/domain/guard/judge.js';
import { GUARD_VERDICTS } from '../../../src/domain/guard/rules.js';
import type { Standing } from '../../../src/domain/guard/standing.js';
import { guardRules } from './rules.js';

const FREE = { reviewAllBy: null };
const rules = guardRules();

const judge = (action: Partial<ProposedAction>, changed?: object, standing = FREE) =>
  judgeAction(changed === undefined ? rules : guardRules(changed), standing, {
    action: 'refund',
    case: 'c-1',
    measures: { score: 0.95 },
    ...action,
  });
const short = ({ verdict, clause, why }: ReturnType<typeof judge>) => [verdict, clause, why];

describe('what must never happen', () => {
  test('is blocked, and is an incident where the spec says so', () => {
    expect(judge({ action: 'promise a waiver' })).toEqual({
      verdict: 'block',
      clause: 'n1',
      why: 'forbidden',
      queue: null,
      incident: true,
    });
    expect(judge({ action: 'close the account' })).toMatchObject({ clause: 'n4', incident: false });
  });

  test('is known by the id of its clause, in any case, and as what an action does beside', () => {
    expect(short(judge({ action: 'n4' }))).toEqual(['block', 'n4', 'forbidden']);
    expect(short(judge({ action: ' Promise a Waiver ' }))).toEqual(['block', 'n1', 'forbidden']);
    const beside = judge({ action: 'extract', flags: ['promise a waiver'] });
    expect(short(beside)).toEqual(['block', 'n1', 'forbidden']);
  });

  test('goes to a person where the spec says so, and an incident comes before that', () => {
    expect(judge({ action: 'extract', flags: ['n3'] })).toMatchObject({ verdict: 'review', queue: 'desk' });
    expect(judge({ action: 'extract', flags: ['n3', 'n4', 'n1'] })).toMatchObject({ clause: 'n1' });
    expect(judge({ action: 'extract', flags: ['n3', 'n4'] })).toMatchObject({ clause: 'n4' });
  });

  test('up to a limit is forbidden above it, and where nobody says how much it is', () => {
    expect(short(judge({ amount: 1_000.01 }))).toEqual(['block', 'n2', 'forbidden']);
    expect(short(judge({}))).toEqual(['block', 'n2', 'forbidden']);
    expect(short(judge({ amount: 1_000 }))).toEqual(['review', 'y2', 'over-limit']);
  });
});

describe('what may be done', () => {
  test('is allowed under the clause that permits it', () => {
    expect(judge({ amount: 100 })).toEqual({
      verdict: 'allow',
      clause: 'y1',
      why: 'permitted',
      queue: null,
      incident: false,
    });
  });

  test('is nothing that no clause names', () => {
    expect(short(judge({ action: 'delete everything' }))).toEqual(['block', null, 'not-permitted']);
    expect(short(judge({ action: 'constructor' }))).toEqual(['block', null, 'not-permitted']);
    expect(short(judge({ action: '__proto__' }))).toEqual(['block', null, 'not-permitted']);
  });

  test('by several clauses is allowed by whichever fits, and else answered by the mildest', () => {
    expect(short(judge({ amount: 500 }))).toEqual(['allow', 'y2', 'permitted']);
    expect(short(judge({ amount: 501 }))).toEqual(['review', 'y2', 'over-limit']);
  });

  test('with a limit is not allowed without an amount', () => {
    const only = { mustNot: [{ id: 'n1', action: 'shout', onAttempt: 'block' }] };
    expect(short(judge({ action: 'y1' }, only))).toEqual(['block', 'y1', 'amount-missing']);
  });

  test.each([
    [{ text: 'Sorry.' }, 'allow'],
    [{ text: 'Sorry.', tone: 'warm', sure: 0.5, lines: 1, final: true }, 'allow'],
    [{ text: 'x'.repeat(21) }, 'block'],
    [{ text: 'Sorry.', tone: 'cold' }, 'block'],
    [{ text: 'Sorry.', sure: 1.1 }, 'block'],
    [{ text: 'Sorry.', sure: '0.5' }, 'block'],
    [{ text: 'Sorry.', lines: 1.5 }, 'block'],
    [{ text: 'Sorry.', lines: 0 }, 'block'],
    [{ text: 'Sorry.', final: 'yes' }, 'block'],
    [{ text: 7 }, 'block'],
    [{ tone: 'calm' }, 'block'],
    [{ text: 'Sorry.', secret: 'x' }, 'block'],
    [{ text: 'Sorry.', toString: 'x' }, 'block'],
    [['Sorry.'], 'block'],
    [null, 'block'],
    [undefined, 'block'],
  ] as const)('with an output of a shape: %j is answered with %s', (output, verdict) => {
    const judged = judge({ action: 'reply', ...(output !== undefined && { output }) });
    expect(judged).toMatchObject({ verdict, clause: 'y3' });
  });
});

describe('what a person decides', () => {
  test('goes to the queue of the condition that is met', () => {
    expect(judge({ amount: 1, measures: { score: 0.89 } })).toEqual({
      verdict: 'review',
      clause: 'p1',
      why: 'to-person',
      queue: 'desk',
      incident: false,
    });
    expect(judge({ amount: 1, flags: ['asks-for-a-person'] })).toMatchObject({
      clause: 'p2',
      queue: 'front',
    });
  });

  test.each([
    ['<', 0.9, false],
    ['<=', 0.9, true],
    ['>', 0.9, false],
    ['>=', 0.9, true],
    ['>', 0.91, true],
    ['<', 0.89, true],
  ] as const)('score %s 0.9 at %d: %s', (op, score, met) => {
    const toPerson = [{ id: 'p1', when: { metric: 'score', op, value: 0.9 }, queue: 'desk' }];
    const judged = judge({ amount: 1, measures: { score } }, { toPerson });
    expect(judged.verdict).toBe(met ? 'review' : 'allow');
  });

  test('is asked only of the actions that the condition names', () => {
    expect(short(judge({ action: 'extract', measures: {} }))).toEqual(['allow', 'y4', 'permitted']);
  });

  test('is a person’s at least where nobody measured it, and what the spec says where that is stricter', () => {
    const missing = { amount: 1, measures: {} };
    expect(short(judge(missing))).toEqual(['block', 'p1', 'measure-missing']);
    for (const whenUnknown of ['review', 'allow'])
      expect(short(judge(missing, { guard: { whenUnknown } }))).toEqual(['review', 'p1', 'measure-missing']);
    const other = { amount: 1, measures: {}, flags: ['asks-for-a-person'] };
    expect(judge(other)).toMatchObject({ verdict: 'review', clause: 'p2' });
  });

  test('is everything while a hold says so, but for what is blocked anyway', () => {
    const held = { reviewAllBy: 'h1' };
    expect(short(judge({ amount: 1 }, undefined, held as never))).toEqual(['review', null, 'review-all']);
    expect(judge({ action: 'n1' }, undefined, held as never)).toMatchObject({ verdict: 'block' });
  });

  test('is a share of the rest: the same cases however often they are asked for, about as many as the spec says', () => {
    const sampling = guardRules({ guard: { sample: 0.25, queue: 'front' } });
    const verdictOf = (n: number) =>
      judgeAction(sampling, FREE, { action: 'extract', case: `case-${n}` }).verdict;
    const all = Array.from({ length: 4_000 }, (_, n) => verdictOf(n));
    expect(all).toEqual(Array.from({ length: 4_000 }, (_, n) => verdictOf(n)));
    const share = all.filter((verdict) => verdict === 'review').length / all.length;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
    expect(
      judgeAction(guardRules({ guard: { sample: 1, queue: 'front' } }), FREE, { action: 'y4', case: 'c' }),
    ).toEqual({ verdict: 'review', clause: null, why: 'sampled', queue: 'front', incident: false });
  });
});

describe('who acts', () => {
  const release = (as: 'serving' | 'candidate' | 'shadow', label: string) => ({
    label,
    digest: `sha256:${label}`,
    spec: 'sha256:s',
    as,
  });
  const standing = (...releases: Standing['releases']): Standing => ({
    team: 't',
    releases,
    stoppedBy: null,
    reviewAllBy: null,
    caps: null,
  });
  const [r1, r2] = [release('serving', 'r1'), release('candidate', 'r2')];

  it('is the release that is named, by label or digest', () => {
    expect(actingReleases(standing(r1, r2), { release: 'r2' })).toEqual([r2]);
    expect(actingReleases(standing(r1, r2), { release: 'sha256:r1' })).toEqual([r1]);
    expect(actingReleases(standing(r1, r2), {})).toEqual([r1, r2]);
  });

  it('is nobody where it is not exposed, in a shadow, or stopped', () => {
    expect(actingReleases(standing(r1), { release: 'r2' })).toEqual(blocked('not-exposed'));
    expect(actingReleases(standing(), {})).toEqual(blocked('not-exposed'));
    expect(actingReleases(standing(r1, release('shadow', 'r2')), { release: 'r2' })).toEqual(
      blocked('shadow'),
    );
    expect(actingReleases(standing(r1, release('shadow', 'r2')), {})).toEqual([r1]);
    expect(actingReleases({ ...standing(r1), stoppedBy: 'h1' }, {})).toEqual(blocked('stopped'));
  });
});

describe('what cannot be known', () => {
  const judgement = (verdict: (typeof GUARD_VERDICTS)[number]) => ({
    verdict,
    clause: 'y1',
    why: 'permitted' as const,
    queue: null,
    incident: false,
  });

  it('is answered as the spec says, and never milder than what is known', () => {
    fc.assert(
      fc.property(fc.constantFrom(...GUARD_VERDICTS), fc.constantFrom(...GUARD_VERDICTS), (said, known) => {
        const { verdict } = unknown({ whenUnknown: said, queue: null }, 'out-of-date', judgement(known));
        const [a, b, c] = [said, known, verdict].map((each) => GUARD_VERDICTS.indexOf(each));
        expect(c).toBe(Math.max(a ?? 0, b ?? 0));
      }),
    );
  });

  it('is blocked where no spec is known', () => {
    expect(unknown(null, 'rules-unknown').verdict).toBe('block');
  });

  it('of two judgements the stricter holds, and of two alike the first', () => {
    const [one, two] = [judgement('review'), { ...judgement('review'), clause: 'y2' }];
    expect(stricterJudgement(one, two)).toBe(one);
    expect(stricterJudgement(one, judgement('block')).verdict).toBe('block');
  });
});

describe('no action that is worse is answered more mildly', () => {
  const rank = (action: Partial<ProposedAction>) => GUARD_VERDICTS.indexOf(judge(action).verdict);
  const some = fc.record({
    action: fc.constantFrom('refund', 'reply', 'extract', 'y1', 'promise a waiver', 'shout'),
    amount: fc.integer({ min: 0, max: 1_200 }),
    measures: fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }) }),
    flags: fc.subarray(['n1', 'n3', 'asks-for-a-person']),
  });

  it('with a higher amount, a lower score or another flag', () => {
    fc.assert(
      fc.property(
        some,
        fc.integer({ min: 0, max: 500 }),
        fc.constantFrom('n1', 'n3', 'n4'),
        (action, more, flag) => {
          expect(rank({ ...action, amount: action.amount + more })).toBeGreaterThanOrEqual(rank(action));
          expect(rank({ ...action, flags: [...action.flags, flag] })).toBeGreaterThanOrEqual(rank(action));
          const score = action.measures.score / 2;
          expect(rank({ ...action, measures: { score } })).toBeGreaterThanOrEqual(rank(action));
          expect(rank({ ...action, measures: {} })).toBeGreaterThanOrEqual(rank(action));
        },
      ),
    );
  });
});
