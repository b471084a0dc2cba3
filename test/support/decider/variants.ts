/** Later versions of a model, each with one rule otherwise: what somebody may propose. */
import type { EvidenceRule, GateRule, OperatingModel, TierRules } from '../../../src/domain/policy.js';
import { DAY } from './time.js';

type Change = (model: OperatingModel) => OperatingModel;

function everyColumn(model: OperatingModel, change: (rules: TierRules) => TierRules): OperatingModel {
  const { pilot, governed } = model.rules;
  const all = ({ low, medium, high }: typeof governed) => ({
    low: change(low),
    medium: change(medium),
    high: change(high),
  });
  return { ...model, rules: { pilot: all(pilot), governed: all(governed) } };
}

function everyGate(rules: TierRules, change: (rule: GateRule) => GateRule): TierRules {
  const gates = Object.entries(rules.gates).map(([name, rule]) => [name, change(rule)]);
  return { ...rules, gates: Object.fromEntries(gates), change: rules.change && change(rules.change) };
}

const review = (rules: TierRules): EvidenceRule['before'] =>
  rules.gates.readiness ? 'readiness' : rules.gates.launch ? 'launch' : 'start';

/** By what they change. `same` changes nothing but its number. */
const VARIANTS = {
  same: (model) => model,
  'more evidence': (model) =>
    everyColumn(model, (rules) => ({
      ...rules,
      evidence: [...rules.evidence, { kind: 'bias-test', before: review(rules), maxAge: null, from: 'any' }],
    })),
  'fresher evidence': (model) =>
    everyColumn(model, (rules) => ({
      ...rules,
      evidence: rules.evidence.map((rule) => ({ ...rule, maxAge: 2 * DAY })),
    })),
  'another seat': (model) =>
    everyColumn(model, (rules) =>
      everyGate(rules, (rule) => ({ ...rule, seats: [...rule.seats, { function: 'governance' }] })),
    ),
  'fewer seats': (model) =>
    everyColumn(model, (rules) => everyGate(rules, (rule) => ({ ...rule, seats: rule.seats.slice(0, 1) }))),
  'another SLA': (model) =>
    everyColumn(model, (rules) => everyGate(rules, (rule) => ({ ...rule, sla: { unit: 'bd', n: 7 } }))),
  'another gate': (model) =>
    everyColumn(model, (rules) => {
      const { readiness, launch, start, ...others } = rules.gates;
      const [exit] = [readiness ?? launch];
      return exit
        ? { ...rules, gates: { ...others, ...(readiness ? { launch: exit } : { readiness: exit }) } }
        : { ...rules, gates: { ...others, ...(start && { start }) } };
    }),
  'no specification gate': (model) =>
    everyColumn(model, (rules) => {
      const { specification: _dropped, ...gates } = rules.gates;
      return { ...rules, gates };
    }),
  'a stricter tier': (model) => ({
    ...model,
    tierRules: [
      { id: 'N1', when: { fact: 'supplier', op: '>=', value: 'pinned-vendor' }, tier: 'high' as const },
      ...model.tierRules,
    ],
  }),
  'another question': (model) => ({
    ...model,
    facts: [
      ...model.facts,
      { id: 'children', question: 'Are children affected?', type: 'scale' as const, answers: ['no', 'yes'] },
    ],
    tierRules: [
      ...model.tierRules,
      { id: 'M9', when: { fact: 'children', op: '=', value: 'yes' }, tier: 'medium' as const },
    ],
  }),
  'shorter terms': (model) =>
    everyColumn(model, (rules) => ({
      ...rules,
      approval: {
        ...rules.approval,
        serveUntil: rules.approval.serveUntil && { months: 1, plus: null },
      },
    })),
  'longer hours': (model) => ({
    ...model,
    calendars: Object.fromEntries(
      Object.entries(model.calendars).map(([id, calendar]) => [
        id,
        {
          ...calendar,
          version: `${calendar.version}x`,
          week: calendar.week.map(() => [[0, 1_440] as const]),
        },
      ]),
    ),
  }),
  'an editor': (model) => ({ ...model, editors: [...model.editors, 'gita'] }),
} satisfies { readonly [name: string]: Change };

export type VariantName = keyof typeof VARIANTS;
export const VARIANT_NAMES = Object.keys(VARIANTS) as VariantName[];

/** The next version of a model. */
export function variantOf(model: OperatingModel, name: VariantName): OperatingModel {
  const version = model.version + 1;
  const digest = `sha256:${Buffer.from(`${name} ${version} ${model.digest}`).toString('hex').padEnd(64, '0').slice(0, 64)}`;
  const change: Change = VARIANTS[name];
  return { ...change(model), version, digest };
}
