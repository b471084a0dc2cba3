import type { Doubt } from '../../domain/release/verdict.js';
import type { Measured } from '../../ports/metric-source.js';

/** What a question came to: a number, nothing, or why it is no number. */
export type Answered = { readonly number: number } | { readonly doubt: Doubt } | 'nothing';

/** A number of a metric's question, and what it was asked as. */
export type Numbers =
  | { readonly kind: 'rate'; readonly count: Answered; readonly of: Answered }
  | { readonly kind: 'value'; readonly value: Answered; readonly n: Answered | null };

type Question = Pick<Measured, 'metric' | 'group'>;

/** Finite, or a doubt: NaN and the infinities are what a division by nothing gives. */
export function answered(number: number): Answered {
  return Number.isFinite(number) ? { number } : { doubt: 'not-a-number' };
}

/** The sample that these numbers are; undefined where there is nothing. A doubt about one is a doubt about all. */
export function sampleOf(question: Question, numbers: Numbers): Measured | undefined {
  const { kind } = numbers;
  const [first, second] = kind === 'rate' ? [numbers.of, numbers.count] : [numbers.n, numbers.value];
  // No case at all is an answer, and a quotient of nothing is no number.
  if (kind === 'value' && numberOf(first) === 0) return { ...question, count: null, value: null, n: 0 };
  const doubt = doubtOf(first) ?? doubtOf(second);
  if (doubt !== undefined) return doubtful(question, doubt);
  const n = first === null ? 1 : numberOf(first);
  const number = numberOf(second);
  if (n === undefined || number === undefined) return undefined;
  if (kind === 'rate') return rate(question, number, n);
  return n < 0 ? doubtful(question, 'not-a-number') : { ...question, count: null, value: number, n };
}

/** The least by which an extrapolated count may exceed what it is of. */
const ROUNDING = 1e-9;

function rate(question: Question, count: number, of: number): Measured {
  const excess = count > of * (1 + ROUNDING);
  if (count < 0 || of < 0 || excess) return doubtful(question, 'not-a-number');
  return { ...question, count: Math.min(count, of), value: null, n: of };
}

export function doubtful(question: Question, doubt: Doubt): Measured {
  return { ...question, count: null, value: null, n: 0, doubt };
}

function numberOf(answer: Answered | null): number | undefined {
  return answer !== null && answer !== 'nothing' && 'number' in answer ? answer.number : undefined;
}

function doubtOf(answer: Answered | null): Doubt | undefined {
  return answer !== null && answer !== 'nothing' && 'doubt' in answer ? answer.doubt : undefined;
}
