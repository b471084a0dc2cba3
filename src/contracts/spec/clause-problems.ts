/** Clauses that say something impossible, alone or beside another: found before anybody approves them. */
import type { z } from 'zod';
import { callOf } from '../../domain/guard/rules.js';
import { elapsedOf } from '../duration-text.js';
import type { FieldProblem } from '../form.js';
import type { check, permission, prohibition } from './clauses.js';

type Check = z.output<typeof check>;

/** The clauses that can contradict themselves or each other. */
interface Clauses {
  readonly may: readonly z.output<typeof permission>[];
  readonly mustNot: readonly z.output<typeof prohibition>[];
  readonly checks?: readonly Check[];
}

/** Every clause that cannot mean what it says; the path is that of the later of two. */
export function clauseProblems(spec: Clauses): readonly FieldProblem[] {
  return [...bothWays(spec), ...unmeetable(spec.checks ?? []), ...(spec.checks ?? []).flatMap(alone)];
}

function bothWays({ may, mustNot }: Clauses): FieldProblem[] {
  return mustNot.flatMap(({ action, limit }, index) => {
    // Beyond a limit is another thing than within it.
    const allowed = may.find((each) => limit === undefined && callOf(each.action) === callOf(action));
    if (allowed === undefined) return [];
    const detail = `${allowed.id} allows the same action; keep one of the two`;
    return [{ path: ['mustNot', index, 'action'], detail }];
  });
}

function unmeetable(checks: readonly Check[]): FieldProblem[] {
  return checks.flatMap((check, index) => {
    const other = checks.slice(0, index).find((earlier) => excludeEachOther(earlier, check));
    if (other === undefined) return [];
    const detail = `${other.id} asks for ${other.metric} ${other.op} ${other.value}; both can never be met at once`;
    return [{ path: ['checks', index, 'value'], detail }];
  });
}

function excludeEachOther(a: Check, b: Check): boolean {
  const [most, least] = a.op === '<=' ? [a, b] : [b, a];
  const groups = ({ by }: Check): readonly string[] => by ?? [''];
  return (
    a.metric === b.metric &&
    a.op !== b.op &&
    most.value < least.value &&
    a.at.some((place) => b.at.includes(place)) &&
    groups(a).some((group) => groups(b).includes(group))
  );
}

function alone({ by, every, window }: Check, index: number): FieldProblem[] {
  const twice = by?.find((group, place) => by.indexOf(group) !== place);
  return [
    ...(twice === undefined
      ? []
      : [{ path: ['checks', index, 'by'], detail: `names the group ${twice} twice; once is enough` }]),
    ...(every === undefined || window === undefined || elapsedOf(every) <= elapsedOf(window)
      ? []
      : [
          {
            path: ['checks', index, 'every'],
            detail: `is longer than the window of ${window}, so that cases between two looks would count nowhere`,
          },
        ]),
  ];
}
