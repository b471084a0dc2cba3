import type { Comparison, Expression } from '../../domain/governance/expression.js';
import type { Fact } from '../../domain/governance/facts.js';
import type { FieldProblem } from '../form.js';

/** Comparisons with facts, answers or operators that the model's facts do not have. */
export function expressionProblems(
  expression: Expression,
  path: FieldProblem['path'],
  facts: readonly Fact[],
): readonly FieldProblem[] {
  const each = (parts: readonly Expression[], key: string) =>
    parts.flatMap((part, index) => expressionProblems(part, [...path, key, index], facts));
  if ('all' in expression) return each(expression.all, 'all');
  if ('any' in expression) return each(expression.any, 'any');
  if ('not' in expression) return expressionProblems(expression.not, [...path, 'not'], facts);
  return comparisonProblems(expression, path, facts);
}

function comparisonProblems(
  { fact, op, value }: Comparison,
  path: FieldProblem['path'],
  facts: readonly Fact[],
): FieldProblem[] {
  const definition = facts.find(({ id }) => id === fact);
  if (definition === undefined) {
    const known = facts.map(({ id }) => id).join(', ');
    return [{ path: [...path, 'fact'], detail: `there is no fact "${fact}"; facts here: ${known}` }];
  }
  const allowed = operatorsOf(definition);
  if (!allowed.includes(op)) {
    const detail = `${fact} is a fact of type ${definition.type}, which compares with ${allowed.join(', ')}`;
    return [{ path: [...path, 'op'], detail }];
  }
  if ((op === 'in') !== (typeof value !== 'string')) {
    const detail = op === 'in' ? '"in" takes a list of answers' : `"${op}" takes a single answer`;
    return [{ path: [...path, 'value'], detail }];
  }
  const stranger = [value].flat().find((answer) => !definition.answers.includes(answer));
  if (stranger === undefined) return [];
  const detail = `"${stranger}" is no answer of ${fact}; its answers are ${definition.answers.join(', ')}`;
  return [{ path: [...path, 'value'], detail }];
}

function operatorsOf({ type }: Fact): readonly Comparison['op'][] {
  switch (type) {
    case 'scale':
      return ['=', '!=', '>=', 'in'];
    case 'kind':
      return ['=', '!=', 'in'];
    case 'several':
      return ['includes'];
    default: {
      const unknown: never = type;
      return unknown;
    }
  }
}
