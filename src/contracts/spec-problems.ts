/** What a mode and tier require of a spec, beyond being well-formed. */
import type { Facts } from '../domain/governance/facts.js';
import { couldHold } from '../domain/governance/possible-facts.js';
import type { OperatingModel, TierRules } from '../domain/policy.js';
import { isBeforeSpecs } from '../domain/spec/overview.js';
import {
  BUSINESS_FUNCTIONS,
  type BusinessFunction,
  type GateName,
  type Mode,
  type RuledTier,
} from '../domain/vocabulary.js';
import type { Spec } from './spec.js';

/** One thing a spec lacks: where (RFC 6901), and what to write. */
export interface SpecProblem {
  readonly pointer: string;
  readonly detail: string;
}

export interface SpecTerms {
  readonly mode: Mode;
  readonly tier: RuledTier;
  readonly model: OperatingModel;
  /** Without them, every condition on facts counts as met. */
  readonly facts?: Facts;
}

/** Everything that the mode and tier ask for and the spec lacks; a spec can be submitted when it is empty. */
export function specProblems(spec: Spec, terms: SpecTerms): readonly SpecProblem[] {
  const rules = terms.model.rules[terms.mode][terms.tier];
  return [
    ...(terms.mode === 'pilot' ? pilotProblems(spec, terms) : governedProblems(spec, terms, rules)),
    ...placeProblems(spec, terms, rules),
    ...calendarProblems(spec, terms.model),
  ];
}

type Requirement = readonly [pointer: string, met: boolean, detail: string];

const unmet = (requirements: readonly Requirement[]): SpecProblem[] =>
  requirements.filter(([, met]) => !met).map(([pointer, , detail]) => ({ pointer, detail }));

function pilotProblems(spec: Spec, { tier }: SpecTerms): SpecProblem[] {
  return unmet([
    ['/cohort', spec.cohort !== undefined, 'say in words who takes part in the pilot'],
    [
      '/toPerson',
      tier !== 'high' || spec.toPerson !== undefined,
      'a high pilot says which cases go to a person, and to which queue',
    ],
  ]);
}

function governedProblems(spec: Spec, terms: SpecTerms, rules: TierRules): SpecProblem[] {
  const { model, tier, facts } = terms;
  const aboveLow = tier !== 'low';
  const asked = (condition: 'peopleJudged' | 'ownModel') =>
    tier === 'high' &&
    (facts === undefined || couldHold(model.specConditions[condition], facts, model.facts));
  const checks = spec.checks ?? [];
  return [
    ...unmet([
      ['/value', spec.value !== undefined, 'state the metric, baseline, target and date of its value'],
      [
        '/casesPerDay',
        !aboveLow || spec.casesPerDay !== undefined,
        'state how many cases a day are expected',
      ],
      ['/steps', spec.steps !== undefined, 'list the steps of the work and who takes each'],
      ['/checks', checks.some(({ at }) => at.includes('live')), 'add at least one check that is judged live'],
      [
        '/checks',
        !asked('peopleJudged') || checks.some(({ by }) => by !== undefined),
        'people are judged here: add a check with `by`, the groups it is judged for',
      ],
      [
        '/toPerson',
        !aboveLow || spec.toPerson !== undefined,
        'say which cases go to a person, and to which queue',
      ],
      [
        '/evidence',
        rules.evidence.length === 0 || spec.evidence !== undefined,
        `list the evidence and what it proves; this tier asks for ${kinds(rules)}`,
      ],
      [
        '/binds',
        !aboveLow || Object.keys(spec.binds ?? {}).length > 0,
        'say which clauses each section of the release touches; a section not named makes any change material',
      ],
      ['/retrain', !asked('ownModel') || spec.retrain !== undefined, 'say when your model is trained again'],
      [
        '/dependsOn',
        !aboveLow || spec.dependsOn !== undefined,
        'list what it depends on; an empty list if nothing',
      ],
    ]),
    ...unprovenChecks(spec),
    ...successProblems(spec, rules),
  ];
}

const kinds = ({ evidence }: TierRules): string => evidence.map(({ kind }) => kind).join(', ');

function unprovenChecks({ checks, evidence }: Spec): SpecProblem[] {
  const proven = new Set((evidence ?? []).flatMap(({ proves }) => proves ?? []));
  return (checks ?? []).flatMap(({ id, at }, index) =>
    at.includes('evidence') && !proven.has(id)
      ? [
          {
            pointer: `/checks/${index}/at`,
            detail: `no evidence proves ${id}; name it in an item's \`proves\``,
          },
        ]
      : [],
  );
}

/** A function with a seat on what the spec leads to signs its own definition of success. */
function successProblems({ success }: Spec, { gates }: TierRules): SpecProblem[] {
  const seats = [gates.specification, gates.launch, gates.readiness].flatMap((gate) => gate?.seats ?? []);
  const seated = (name: BusinessFunction) =>
    seats.some((seat) => 'function' in seat && seat.function === name);
  return BUSINESS_FUNCTIONS.filter((name) => seated(name) && success?.[name] === undefined).map((name) => ({
    pointer: `/success/${name}`,
    detail: `${name} has a seat: name the clauses, or value, that mean success to it`,
  }));
}

function placeProblems(spec: Spec, { mode, tier }: SpecTerms, rules: TierRules): SpecProblem[] {
  const gates = Object.keys(rules.gates) as GateName[];
  // A spec comes after scoping: it cannot add a seat to a gate that has been passed.
  const seatable: readonly string[] = [
    ...gates.filter((gate) => !isBeforeSpecs(gate)),
    ...(rules.change ? ['change'] : []),
    ...(mode === 'pilot' ? ['promotion'] : []),
  ];
  const places = [...gates, ...rules.rollout.steps.map(({ kind }) => kind)];
  const choose = (known: readonly string[]): string => `choose from ${known.join(', ')}`;
  const late = (spec.evidence ?? []).flatMap(({ id, before }, index) => {
    const detail = `${id}: ${mode} ${tier} has no "${before}"; ${choose(places)}`;
    return places.includes(before) ? [] : [{ pointer: `/evidence/${index}/before`, detail }];
  });
  const seatless = (spec.checkpoints ?? []).flatMap(({ before }, index) => {
    const detail = `a spec adds no seat to "${before}" in ${mode} ${tier}; ${choose(seatable)}`;
    return seatable.includes(before) ? [] : [{ pointer: `/checkpoints/${index}/before`, detail }];
  });
  return [...late, ...seatless];
}

function calendarProblems({ queues }: Spec, { calendars }: OperatingModel): SpecProblem[] {
  const known = Object.keys(calendars);
  return (queues ?? []).flatMap(({ id, calendar }, index) =>
    calendar === undefined || known.includes(calendar)
      ? []
      : [
          {
            pointer: `/queues/${index}/calendar`,
            detail: `${id}: the operating model has no calendar "${calendar}"; choose from ${known.join(', ')}`,
          },
        ],
  );
}
