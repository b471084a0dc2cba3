import type { Comparison, Expression } from './expression.js';
import type { Fact, Facts } from './facts.js';

/**
 * Whether an expression is true of facts that are all answered from their lists; `unsure` must have been
 * resolved before (see `possible-facts.ts`). Answers of a `scale` compare by their order, all others for
 * equality only. A comparison with a fact or an answer that the definitions do not know is false.
 */
export function holds(expression: Expression, facts: Facts, definitions: readonly Fact[]): boolean {
  if ('all' in expression) return expression.all.every((part) => holds(part, facts, definitions));
  if ('any' in expression) return expression.any.some((part) => holds(part, facts, definitions));
  if ('not' in expression) return !holds(expression.not, facts, definitions);
  return compares(expression, facts[expression.fact], definitions);
}

/** The ids of the facts that an expression asks for. */
export function factsNamed(expression: Expression): readonly string[] {
  if ('all' in expression) return expression.all.flatMap(factsNamed);
  if ('any' in expression) return expression.any.flatMap(factsNamed);
  if ('not' in expression) return factsNamed(expression.not);
  return [expression.fact];
}

function compares(
  { fact, op, value }: Comparison,
  answer: string | readonly string[] | undefined,
  definitions: readonly Fact[],
): boolean {
  if (answer === undefined) return false;
  const word = (text: string) => typeof answer === 'string' && answer === text;
  switch (op) {
    case '=':
      return typeof value === 'string' && word(value);
    case '!=':
      return typeof value === 'string' && !word(value);
    case 'in':
      return typeof value !== 'string' && value.some(word);
    case 'includes':
      return typeof value === 'string' && typeof answer !== 'string' && answer.includes(value);
    case '>=': {
      const order = definitions.find((definition) => definition.id === fact)?.answers ?? [];
      if (typeof answer !== 'string' || typeof value !== 'string') return false;
      const limit = order.indexOf(value);
      return limit >= 0 && order.indexOf(answer) >= limit;
    }
    default: {
      const unknown: never = op;
      return unknown;
    }
  }
}
