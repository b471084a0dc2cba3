import type { Fact, Facts } from './facts.js';

/** What is wrong with the answer to one fact, and what to write instead. */
export interface AnswerProblem {
  readonly fact: string;
  readonly message: string;
}

/**
 * Everything wrong with a set of answers: a question the model does not ask, an answer it does not offer, and
 * a question left open. Empty when the facts can be assessed.
 */
export function answerProblems(facts: Facts, definitions: readonly Fact[]): readonly AnswerProblem[] {
  const asked = new Set(definitions.map((definition) => definition.id));
  const unasked = Object.keys(facts)
    .filter((fact) => !asked.has(fact))
    .map((fact) => ({
      fact,
      message: `the operating model asks no "${fact}"; its facts are ${[...asked].join(', ')}`,
    }));
  const wrong = definitions.flatMap((definition) => {
    const message = problemOf(definition, facts[definition.id]);
    return message === undefined ? [] : [{ fact: definition.id, message }];
  });
  return [...unasked, ...wrong];
}

function problemOf(
  { question, type, answers }: Fact,
  given: string | readonly string[] | undefined,
): string | undefined {
  const offered = answers.includes('unsure') ? answers : [...answers, 'unsure'];
  const choice = `answer ${type === 'several' ? `with a list of ${answers.join(', ')}, or unsure` : `one of ${offered.join(', ')}`}`;
  if (given === undefined) return `not answered (${question}); ${choice}`;
  if (given === 'unsure') return undefined;
  if (type === 'several') {
    if (typeof given === 'string') return `"${given}" is no list; ${choice}`;
    const stranger = given.find((answer) => !answers.includes(answer));
    return stranger === undefined ? undefined : `"${stranger}" is not offered; ${choice}`;
  }
  if (typeof given !== 'string') return `takes a single answer; ${choice}`;
  return answers.includes(given) ? undefined : `"${given}" is not offered; ${choice}`;
}
