/**
 * `unsure` counts as worst. Where answers have an order that is the last one; where they have none, no
 * single answer is worst, so every one of them is tried and the strictest result counts. A fact that lists
 * `unsure` among its own answers means it, and rules name it. A fact without a usable answer is `unsure`.
 */
import type { Expression } from './expression.js';
import type { Fact, Facts } from './facts.js';
import { factsNamed, holds } from './holds.js';

type Answer = string | readonly string[];

/** Every assignment the answers may stand for, scales at their worst. At most what the model's limits allow. */
export function possibleFacts(facts: Facts, definitions: readonly Fact[]): readonly Facts[] {
  return combine(definitions, (definition) => {
    const candidates = possibleAnswers(definition, facts[definition.id]);
    return definition.type === 'scale' ? candidates.slice(-1) : candidates;
  });
}

/** Whether an expression is true of at least one assignment the answers may stand for. */
export function couldHold(expression: Expression, facts: Facts, definitions: readonly Fact[]): boolean {
  const named = new Set(factsNamed(expression));
  const asked = definitions.filter((definition) => named.has(definition.id));
  const assignments = combine(asked, (definition) => possibleAnswers(definition, facts[definition.id]));
  return assignments.some((assignment) => holds(expression, assignment, definitions));
}

/** How many assignments of unordered answers an all-unsure assessment stands for. */
export function assignmentsWhenUnsure(definitions: readonly Fact[]): number {
  return definitions
    .filter(({ type, answers }) => type !== 'scale' && !answers.includes('unsure'))
    .reduce(
      (product, { type, answers }) => product * (type === 'kind' ? answers.length : 2 ** answers.length),
      1,
    );
}

function combine(
  definitions: readonly Fact[],
  candidates: (definition: Fact) => readonly Answer[],
): readonly Facts[] {
  return definitions.reduce<readonly Facts[]>(
    (assignments, definition) =>
      assignments.flatMap((assignment) =>
        candidates(definition).map((answer) => ({ ...assignment, [definition.id]: answer })),
      ),
    [{}],
  );
}

function possibleAnswers(definition: Fact, given: Answer | undefined): readonly Answer[] {
  const known = (answer: string) => definition.answers.includes(answer);
  if (definition.type === 'several') {
    if (given !== undefined && typeof given !== 'string' && given.every(known)) return [given];
    return subsets(definition.answers);
  }
  if (typeof given === 'string' && known(given)) return [given];
  return known('unsure') ? ['unsure'] : definition.answers;
}

function subsets(answers: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = answers;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((subset) => [subset, [first, ...subset]]);
}
