/** The sequence a journey must produce against the one it did. */
import type { Entry } from '../client/lifecycles.js';
import { eventLine, refusalLine } from './entry-lines.js';
import type { Journey } from './form.js';

const CONTEXT = 3;

/** What happened, in the words of a journey file; what the file leaves out is not there. */
export function sequencesOf(entries: readonly Entry[], { leftOut }: Pick<Journey, 'leftOut'>) {
  const events = entries
    .filter(({ kind, type }) => kind === 'event' && !(type in leftOut))
    .toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    .map(eventLine);
  return { events, refusals: entries.filter(({ kind }) => kind === 'refusal').map(refusalLine) };
}

/** Empty when both are the same; else where they part, expected beside actual. */
export function difference(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  const length = Math.max(expected.length, actual.length);
  const first = Array.from({ length }, (_, index) => index).find(
    (index) => expected[index] !== actual[index],
  );
  if (first === undefined) return [];
  const around = (lines: readonly string[], mark: string) =>
    lines.slice(first, first + CONTEXT).map((line, index) => `  ${mark} ${first + index + 1}  ${line}`);
  const ending = (lines: readonly string[]) => (first < lines.length ? [] : ['    (nothing more)']);
  return [
    `${what} part at number ${first + 1}: ${expected.length} expected, ${actual.length} found`,
    ...expected.slice(Math.max(0, first - CONTEXT), first).map((line) => `      ${line}`),
    '  expected',
    ...around(expected, '-'),
    ...ending(expected),
    '  found',
    ...around(actual, '+'),
    ...ending(actual),
  ];
}
