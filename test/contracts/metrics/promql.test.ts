import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeholderProblem } from '../../../src/contracts/metrics/placeholders.js';
import { instantQueries, type PromScope, promqlFor } from '../../../src/contracts/metrics/promql.js';

const SCOPE: PromScope = {
  metric: 'false-accept-rate',
  group: null,
  lifecycle: 'kyc',
  release: 'r1',
  step: 'canary-25',
  window: 3_600_000,
};

describe('a metric without a definition', () => {
  test('is a gauge if there is one, else events of cases, by the convention', () => {
    expect(promqlFor(undefined, SCOPE)).toEqual({
      kind: 'either',
      count:
        'sum(increase(airworthy_events_total{lifecycle="kyc",release="r1",step=~"|canary-25",group="",metric="false-accept-rate"}[1h]))',
      of:
        'sum(increase(airworthy_cases_total{lifecycle="kyc",release="r1",step=~"|canary-25",group="",metric="false-accept-rate"}[1h]))' +
        ' or sum(increase(airworthy_cases_total{lifecycle="kyc",release="r1",step=~"|canary-25",group="",metric=""}[1h]))',
      value:
        'airworthy_value{lifecycle="kyc",release="r1",step=~"|canary-25",group="",metric="false-accept-rate"}',
    });
  });

  test.each(['live', undefined])('asks for no step where it is %s', (step) => {
    const { step: _, ...rest } = SCOPE;
    expect(JSON.stringify(promqlFor(undefined, { ...rest, ...(step && { step }) }))).not.toContain('step');
  });
});

describe('a metric with a definition', () => {
  test('is asked as it is written, with what it leaves open filled in', () => {
    const definition = {
      count: 'sum(increase(bad{key="$lifecycle",release="$release",at="$step"}[$window]))',
      of: 'sum(increase(all{group="$group"}[$window]))',
    };
    expect(promqlFor(definition, SCOPE)).toEqual({
      kind: 'rate',
      count: 'sum(increase(bad{key="kyc",release="r1",at="canary-25"}[1h]))',
      of: 'sum(increase(all{group=""}[1h]))',
    });
  });

  test('has a range of a millisecond where the window is empty: Prometheus knows no other', () => {
    expect(promqlFor({ value: 'max_over_time(x[$window])' }, { ...SCOPE, window: 0 })).toMatchObject({
      value: 'max_over_time(x[1ms])',
    });
  });

  test('cannot be led out of its quotes by the name of a group', () => {
    const names = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(names, names, (group, lifecycle) => {
        const definition = { value: 'x{g="$group",l="$lifecycle"}' };
        const asked = promqlFor(definition, { ...SCOPE, group, lifecycle });
        if (asked.kind !== 'value') throw new Error('it is a value');
        const [, one, two] = /^x\{g=("(?:[^"\\]|\\.)*"),l=("(?:[^"\\]|\\.)*")\}$/.exec(asked.value) ?? [];
        expect([JSON.parse(one ?? ''), JSON.parse(two ?? '')]).toEqual([group, lifecycle]);
      }),
    );
  });
});

describe('what a definition leaves open', () => {
  test.each([
    ['x{a="$lifecycle",b="$group"}[$window]', undefined],
    ['label_replace(x, "a", "$1", "b", "(.*)")', undefined],
    ["x # that is somebody's $thing\n", undefined],
    ['x{a=$release}', /^\$release stands for a text: write it in double quotes, as release="\$release"$/],
    ["x{a='$release'}", /^\$release stands for a text/],
    ['x{a="\\"",b=$step}', /^\$step stands for a text/],
    ['x["$window"]', /^\$window stands for a duration: write it outside of quotes/],
    ['x{a="$team"}', /^there is no \$team; there are \$lifecycle, \$release/],
  ])('%s', (promql, problem) => {
    const found = placeholderProblem(promql);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });
});

describe('the instant queries of alerting rules', () => {
  test('divide a rate, whatever labels its parts have', () => {
    expect(instantQueries({ kind: 'rate', count: 'a', of: 'b' }, 1)).toEqual({
      value: '(a) / on() (b)',
      n: 'b',
    });
  });

  test('take a value as it is, or out of its window', () => {
    const value = { kind: 'value', value: 'x', n: null } as const;
    expect(instantQueries({ ...value, over: null }, 60_000)).toEqual({ value: 'x', n: null });
    expect(instantQueries({ ...value, over: { everyMs: 5_000, take: 'max' } }, 60_000)).toEqual({
      value: 'max_over_time((x)[1m:5s])',
      n: 'count_over_time((x)[1m:5s])',
    });
  });
});
