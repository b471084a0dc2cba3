import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { compileSpec } from '../../../src/contracts/compile-spec.js';
import { alertQueries } from '../../../src/contracts/metrics/definitions.js';
import type { PromScope } from '../../../src/contracts/metrics/promql.js';
import { type AlertingTerms, alertingRules } from '../../../src/contracts/spec/alerting-rules.js';
import type { Spec } from '../../../src/contracts/spec.js';
import { shipped } from '../../operating-models/shipped-models.js';
import { promtool } from '../../support/services/prometheus.js';
import { KYC_SPEC } from './kyc-spec.js';

type Check = NonNullable<Spec['checks']>[number];
const SLOW = 60_000;
const { model } = shipped('standard');
const TERMS: AlertingTerms = {
  lifecycle: 'kyc-onboarding',
  release: 'r1',
  rules: model.rules.governed.high,
  model,
};

const RATE: Check = {
  id: 'c2',
  metric: 'false-accept-rate',
  op: '<=',
  value: 0.01,
  at: ['live'],
  window: '1h',
  onBreach: 'roll-back',
};
const VALUE: Check = {
  id: 'c5',
  metric: 'tone',
  op: '>=',
  value: 0.9,
  at: ['live'],
  window: '1h',
  minSample: 1,
};

/** Rates are counted over a window, values are read as they are. */
function definitions({ metric, group, release, window }: PromScope) {
  if (metric === 'tone')
    return { value: `max(tone{release="${release}"}) / max(readings{release="${release}"})`, n: null };
  const at = `{release="${release}"${group === null ? '' : `,group="${group}"`}}[${window / 1_000}s]`;
  return { value: `sum(increase(bad${at})) / sum(increase(all${at}))`, n: `sum(increase(all${at}))` };
}

const specOf = (...checks: Check[]) => compileSpec({ ...KYC_SPEC, checks, binds: {}, success: {} });
const rulesOf = (checks: Check[], terms: Partial<AlertingTerms> = {}) =>
  alertingRules(specOf(...checks), definitions, { ...TERMS, ...terms });

async function written(files: { readonly [name: string]: unknown }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-rules-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), stringify(content));
  return folder;
}

describe('the alerting rules of a spec', () => {
  test('are a group for each clause that is judged live, with a breach and a silence', () => {
    const { groups } = alertingRules(compileSpec(KYC_SPEC), definitions, TERMS);
    expect(groups.map(({ name, rules }) => [name, rules.map(({ alert }) => alert)])).toEqual([
      ['airworthy/kyc-onboarding/c2', ['AirworthyBreach', 'AirworthySilence']],
      ['airworthy/kyc-onboarding/c3', ['AirworthyBreach', 'AirworthySilence']],
    ]);
  });

  test('are nothing where nothing is judged live', () => {
    expect(rulesOf([{ ...RATE, at: ['evidence', 'shadow'] }])).toEqual({ groups: [], unwatched: [] });
  });

  test('say what they are about in labels, and the value and its limit to people', () => {
    const [breach, silence] = rulesOf([RATE]).groups[0]?.rules ?? [];
    expect(breach?.labels).toEqual({
      airworthy_lifecycle: 'kyc-onboarding',
      airworthy_release: 'r1',
      airworthy_spec: specOf(RATE).digest,
      airworthy_clause: 'c2',
      severity: 'roll-back',
    });
    expect(breach?.annotations).toMatchObject({
      airworthy_value: '{{ $value }}',
      summary: 'kyc-onboarding r1 breaches c2: false-accept-rate is {{ $value }}, at most 0.01 is allowed',
    });
    expect(silence?.labels).toMatchObject({ airworthy_silent_clause: 'c2', severity: 'stopped' });
    expect(silence?.labels).not.toHaveProperty('airworthy_clause');
  });

  test('wait for as many windows in a row as the clause', () => {
    const waits = (more: Partial<Check>) => rulesOf([{ ...RATE, ...more }]).groups[0]?.rules[0]?.for;
    expect(waits({})).toBeUndefined();
    expect(waits({ failAfter: 3 })).toBe('2h');
    expect(waits({ failAfter: 3, every: '10min' })).toBe('20m');
  });

  test('ask for the samples that the clause asks for', () => {
    const asked = (more: Partial<Check>) => rulesOf([{ ...RATE, ...more }]).groups[0]?.rules[0]?.expr;
    expect(asked({})).toMatch(/ > 0\.01 and on\(\) \(sum\(increase\(all\{.*\)\)\) >= 100$/);
    expect(asked({ minSample: 250 })).toMatch(/>= 250$/);
    expect(asked({ op: '>=' })).toMatch(/\) < 0\.01 and /);
  });

  test('are one pair for each group, told apart by a label', () => {
    const [group] = rulesOf([{ ...RATE, by: ['age-60+', 'skin-tone'] }]).groups;
    expect(group?.rules.map(({ alert, labels }) => [alert, labels.airworthy_group])).toEqual([
      ['AirworthyBreach', 'age-60+'],
      ['AirworthySilence', 'age-60+'],
      ['AirworthyBreach', 'skin-tone'],
      ['AirworthySilence', 'skin-tone'],
    ]);
    expect(group?.rules[2]?.expr).toContain('group="skin-tone"');
  });

  test('pass as fast as a demonstration does', () => {
    const hurried = { ...TERMS, model: { ...model, timeScale: 0.001 } };
    const [group] = rulesOf([{ ...RATE, failAfter: 2 }], hurried).groups;
    expect(group?.interval).toBe('1s');
    expect(group?.rules[0]?.for).toBe('3600ms');
    expect(group?.rules[0]?.expr).toContain('[3.6s]');
  });

  test('name the clauses that they cannot watch, and why', () => {
    const elsewhere = alertingRules(
      specOf(RATE, VALUE),
      (scope) => (scope.metric === 'tone' ? null : definitions(scope)),
      TERMS,
    );
    expect(elsewhere.groups.map(({ name }) => name)).toEqual(['airworthy/kyc-onboarding/c2']);
    expect(elsewhere.unwatched).toEqual([{ clause: 'c5', why: 'tone is not measured by a Prometheus' }]);
    expect(rulesOf([{ ...VALUE, minSample: 20 }])).toEqual({
      groups: [],
      unwatched: [
        {
          clause: 'c5',
          why: 'nobody counts what tone rests on, and 20 samples are asked for: give its definition an n',
        },
      ],
    });
  });

  test('are the same for the same spec', () => {
    expect(rulesOf([RATE, VALUE])).toEqual(rulesOf([RATE, VALUE]));
  });
});

describe('real promtool', () => {
  test('accepts them, with groups, demonstration times and queries that end in a comment', {
    timeout: SLOW,
  }, async () => {
    const spec = specOf(RATE, VALUE, { ...RATE, id: 'c6', by: ['age-60+', 'skin-tone'], failAfter: 2 });
    const commented = (scope: PromScope) => {
      const { value, n } = definitions({ ...scope, window: 60_000 });
      return { value: `${value} # the desk's own`, n };
    };
    const hurried = { ...TERMS, model: { ...model, timeScale: 0.0001 } };
    const folder = await written({
      'a.yaml': { groups: alertingRules(spec, commented, TERMS).groups },
      'b.yaml': { groups: alertingRules(spec, commented, hurried).groups },
      'c.yaml': { groups: alertingRules(spec, alertQueries(undefined), TERMS).groups },
    });
    for (const name of ['a.yaml', 'b.yaml', 'c.yaml']) {
      const { ok, output } = await promtool('check', 'rules', join(folder, name));
      expect(ok, output).toBe(true);
      expect(output).toContain('8 rules found');
      expect(output).not.toMatch(/duplicate/);
    }
  });

  test('accepts limits however small, large or negative', { timeout: SLOW }, async () => {
    const limits = [1e-7, 1e21, -3.5, 0, 0.1 + 0.2, -1e-9];
    const spec = specOf(...limits.map((value, index) => ({ ...VALUE, id: `k${index}`, value })));
    const { groups } = alertingRules(spec, alertQueries(undefined), TERMS);
    const folder = await written({ 'rules.yaml': { groups } });
    const { ok, output } = await promtool('check', 'rules', join(folder, 'rules.yaml'));
    expect(ok, output).toBe(true);
    expect(groups.map(({ rules }) => Number(rules[0]?.expr.match(/ < (\S+) and/)?.[1]))).toEqual(limits);
  });

  /** Series in promtool's notation, a sample a minute: start+stepxcount. */
  const CALM = [
    { series: 'all{release="r1"}', values: '0+10x600' },
    { series: 'bad{release="r1"}', values: '0+0x600' },
  ];
  const FAILING = [
    { series: 'all{release="r1"}', values: '0+10x600' },
    { series: 'bad{release="r1"}', values: '0+0x120 1+1x480' },
  ];
  const FEW = [
    { series: 'all{release="r1"}', values: '0+1x600' },
    { series: 'bad{release="r1"}', values: '0+1x600' },
  ];
  const ENDING = [
    { series: 'all{release="r1"}', values: '0+10x120 _x480' },
    { series: 'bad{release="r1"}', values: '0+0x120 _x480' },
  ];
  const CASELESS = [
    { series: 'all{release="r1"}', values: '0+10x120 1200+0x480' },
    { series: 'bad{release="r1"}', values: '0+0x600' },
  ];
  /** What a service exposes that goes by the convention for metrics without a definition. */
  const CONVENTIONAL = [
    {
      series: 'airworthy_cases_total{lifecycle="kyc-onboarding",release="r1"}',
      values: '0+10x600',
    },
    {
      series: 'airworthy_events_total{lifecycle="kyc-onboarding",release="r1",metric="false-accept-rate"}',
      values: '0+0x120 1+1x480',
    },
  ];
  const tone = (values: string, readings = '1x600') => [
    { series: 'tone{release="r1"}', values },
    { series: 'readings{release="r1"}', values: readings },
  ];

  test.each<[string, Partial<Check> & { of?: 'tone' | 'convention' }, object[], string, string[]]>([
    ['a calm rate', {}, CALM, '5h', []],
    ['a failing rate', {}, FAILING, '4h', ['AirworthyBreach']],
    ['a rate of the convention that fails', { of: 'convention' }, CONVENTIONAL, '4h', ['AirworthyBreach']],
    ['a rate of the convention that nobody counts', { of: 'convention' }, [], '1h', ['AirworthySilence']],
    ['a failing rate before its second window', { failAfter: 2 }, FAILING, '2h20m', []],
    ['a failing rate after its second window', { failAfter: 2 }, FAILING, '4h', ['AirworthyBreach']],
    ['a failing rate of too few cases', { minSample: 100 }, FEW, '4h', []],
    ['a rate that has just begun', {}, [], '3m', []],
    ['a rate that never begins', {}, [], '20m', ['AirworthySilence']],
    ['a rate that ends, at first', {}, ENDING, '2h4m', []],
    ['a rate that ends', {}, ENDING, '2h20m', ['AirworthySilence']],
    ['an hour without cases', {}, CASELESS, '2h30m', []],
    ['more than an hour without cases', {}, CASELESS, '3h20m', ['AirworthySilence']],
    ['a good value', { of: 'tone' }, tone('0.95x600'), '3h', []],
    ['a bad value', { of: 'tone' }, tone('0.95x60 0.5x500'), '3h', ['AirworthyBreach']],
    [
      'a value that is no number',
      { of: 'tone' },
      tone('0.95x60 0x500', '1x60 0x500'),
      '3h',
      ['AirworthySilence'],
    ],
    ['a value that ends', { of: 'tone' }, tone('0.95x60 _x500'), '3h', ['AirworthySilence']],
  ])(
    'finds that %s fires what it should',
    { timeout: SLOW },
    async (_what, { of, ...more }, series, at, expected) => {
      const check = of === 'tone' ? VALUE : { ...RATE, minSample: 50, ...more };
      // What annotations say moves with the second of the evaluation.
      const queries = of === 'convention' ? alertQueries(undefined) : definitions;
      const groups = alertingRules(specOf(check), queries, TERMS).groups.map((group) => ({
        ...group,
        rules: group.rules.map(({ annotations: _annotations, ...rule }) => rule),
      }));
      const alerts = groups.flatMap(({ rules }) =>
        rules.map(({ alert, labels }) => ({
          eval_time: at,
          alertname: alert,
          exp_alerts: expected.includes(alert) ? [{ exp_labels: labels }] : [],
        })),
      );
      const folder = await written({
        'rules.yaml': { groups },
        'test.yaml': {
          rule_files: ['rules.yaml'],
          evaluation_interval: '1m',
          tests: [{ interval: '1m', input_series: series, alert_rule_test: alerts }],
        },
      });
      const { ok, output } = await promtool('test', 'rules', join(folder, 'test.yaml'));
      expect(ok, output).toBe(true);
    },
  );
});
