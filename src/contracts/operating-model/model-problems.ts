/** What must agree across a written operating model, beyond the form of each field. */
import type { Expression } from '../../domain/governance/expression.js';
import type { Fact } from '../../domain/governance/facts.js';
import { assignmentsWhenUnsure } from '../../domain/governance/possible-facts.js';
import { MODES } from '../../domain/vocabulary.js';
import type { FieldProblem } from '../form.js';
import { expressionProblems } from './expression-problems.js';
import type { WrittenOperatingModel } from './model-form.js';
import { policyChangeProblems } from './policy-change.js';
import { tierRulesProblems } from './tier-rules-problems.js';

/** What assessing risk may cost when everything unordered is unsure. */
const MOST_ASSIGNMENTS = 4_096;

const RULED_TIERS = ['low', 'medium', 'high'] as const;

/** Every disagreement, with the field it is reported at; empty for a sound model. */
export function modelProblems(model: WrittenOperatingModel): readonly FieldProblem[] {
  return [
    ...scaleProblems(model),
    ...duplicates(model.facts, ['facts']),
    ...duplicates(model.tierRules, ['tierRules']),
    ...assessmentProblems(model.facts),
    ...expressions(model).flatMap(([path, when]) => expressionProblems(when, path, model.facts)),
    ...calendarProblems(model),
    ...policyChangeProblems(model.policyChange),
    ...MODES.flatMap((mode) =>
      RULED_TIERS.flatMap((tier) =>
        tierRulesProblems(mode, tier, model.rules[mode][tier]).map(({ path, detail }) => ({
          path: ['rules', mode, tier, ...path],
          detail,
        })),
      ),
    ),
  ];
}

function scaleProblems({ timeScale, demo }: WrittenOperatingModel): FieldProblem[] {
  if (timeScale === 1 || demo) return [];
  const detail = `is ${timeScale}, but only a demonstration may shorten time; write 1, or set demo: true`;
  return [{ path: ['timeScale'], detail }];
}

function duplicates(entries: readonly { readonly id: string }[], path: FieldProblem['path']): FieldProblem[] {
  const ids = entries.map((entry) => entry.id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [{ path: [...path, index, 'id'], detail: `"${id}" is used twice; ids are unique` }],
  );
}

function assessmentProblems(facts: readonly Fact[]): FieldProblem[] {
  const assignments = assignmentsWhenUnsure(facts);
  if (assignments <= MOST_ASSIGNMENTS) return [];
  const detail = `the facts of type kind and several combine in ${assignments} ways, at most ${MOST_ASSIGNMENTS} are allowed; offer fewer answers`;
  return [{ path: ['facts'], detail }];
}

function expressions(model: WrittenOperatingModel): [FieldProblem['path'], Expression][] {
  return [
    ...model.tierRules.map(({ when }, index): [FieldProblem['path'], Expression] => [
      ['tierRules', index, 'when'],
      when,
    ]),
    [['specConditions', 'peopleJudged'], model.specConditions.peopleJudged],
    [['specConditions', 'ownModel'], model.specConditions.ownModel],
    ...MODES.flatMap((mode) =>
      RULED_TIERS.flatMap((tier) =>
        model.rules[mode][tier].evidence.flatMap(({ when }, index): [FieldProblem['path'], Expression][] =>
          when === undefined ? [] : [[['rules', mode, tier, 'evidence', index, 'when'], when]],
        ),
      ),
    ),
  ];
}

function calendarProblems({ calendars, defaultCalendar }: WrittenOperatingModel): FieldProblem[] {
  const ids = Object.keys(calendars);
  if (ids.includes(defaultCalendar)) return [];
  return [
    {
      path: ['defaultCalendar'],
      detail: `there is no calendar "${defaultCalendar}"; calendars here: ${ids.join(', ') || 'none'}`,
    },
  ];
}
