/** Two versions of a spec, clause by clause, in words for whoever approves. */
import { canonicalForm } from '../digest.js';
import type { Json } from '../json.js';
import type { ClauseDiff } from './diff.js';
import { type Direction, directionOf, directionOfNew, opposite } from './direction.js';
import { clauseInWords, fieldInWords, isGroup, isList, listChange, said } from './field-words.js';
import { CLAUSE_SECTIONS } from './sections.js';
import type { ClauseId } from './spec.js';

export interface ClauseChange {
  readonly clause: ClauseId;
  readonly section: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The clause as each version writes it; null where it is not there. */
  readonly before: Json | null;
  readonly after: Json | null;
  readonly words: string;
  /** What the change asks for; `mixed`: more in one field and less in another. */
  readonly effect: Direction | 'mixed';
}

interface Found {
  readonly section: string;
  readonly value: Json;
}

/** The changes of a diff, read in the two written specs: what came, then what went, then what differs. */
export function changesBetween(before: Json, after: Json, diff: ClauseDiff): ClauseChange[] {
  return [
    ...diff.added.flatMap((clause) => came(clause, clauseIn(after, clause))),
    ...diff.removed.flatMap((clause) => went(clause, clauseIn(before, clause))),
    ...diff.changed.flatMap((clause) => differs(clause, clauseIn(before, clause), clauseIn(after, clause))),
  ];
}

/** A clause by its id; a section that is one clause as a whole goes by its own name. */
function clauseIn(spec: Json, id: ClauseId): Found | undefined {
  if (!isGroup(spec)) return undefined;
  for (const section of CLAUSE_SECTIONS) {
    const clauses = spec[section];
    const found = isList(clauses) && clauses.find((each) => isGroup(each) && each.id === id);
    if (found) return { section, value: found };
  }
  const whole = spec[id];
  return whole === undefined ? undefined : { section: id, value: whole };
}

function came(clause: ClauseId, found: Found | undefined): ClauseChange[] {
  if (found === undefined) return [];
  const { section, value } = found;
  const words = `new: ${clauseInWords(section, value)}`;
  return [
    { clause, section, change: 'added', before: null, after: value, words, effect: directionOfNew(section) },
  ];
}

function went(clause: ClauseId, found: Found | undefined): ClauseChange[] {
  if (found === undefined) return [];
  const { section, value } = found;
  const words = `gone: ${clauseInWords(section, value)}`;
  const effect = opposite(directionOfNew(section));
  return [{ clause, section, change: 'removed', before: value, after: null, words, effect }];
}

interface Difference {
  readonly words: string;
  readonly direction: Direction;
}

function differs(clause: ClauseId, was: Found | undefined, is: Found | undefined): ClauseChange[] {
  if (was === undefined || is === undefined) return [];
  const all = [...moved(was, is), ...differences(is.section, was.value, is.value)];
  return [
    {
      clause,
      section: is.section,
      change: 'changed',
      before: was.value,
      after: is.value,
      words: all.map(inWords).join('; '),
      effect: together(all.map(({ direction }) => direction)),
    },
  ];
}

const inWords = ({ words, direction }: Difference): string =>
  direction === 'neither' ? words : `${words} (${direction})`;

function together(directions: readonly Direction[]): ClauseChange['effect'] {
  const [stricter, looser] = [directions.includes('stricter'), directions.includes('looser')];
  if (stricter && looser) return 'mixed';
  return stricter ? 'stricter' : looser ? 'looser' : 'neither';
}

/** A permission that has become a prohibition under the same id has changed, whatever else it says. */
function moved(was: Found, is: Found): Difference[] {
  if (was.section === is.section) return [];
  const [left, entered] = [opposite(directionOfNew(was.section)), directionOfNew(is.section)];
  const effect = together([left, entered]);
  const words = `now in ${is.section}, was in ${was.section}`;
  return [{ words, direction: effect === 'mixed' ? 'neither' : effect }];
}

function differences(section: string, was: Json, is: Json): Difference[] {
  if (isList(was) && isList(is)) return [neither(listChange(was, is))];
  if (!isGroup(was) || !isGroup(is)) return [neither(`${said(was)} → ${said(is)}`)];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return fields
    .filter((field) => written(was[field]) !== written(is[field]))
    .map((field) => ({
      words: fieldInWords(section, field, was[field], is[field]),
      direction: directionOf(section, field, {
        before: was[field],
        after: is[field],
        ...(was.op === is.op ? { op: is.op } : {}),
      }),
    }));
}

const neither = (words: string): Difference => ({ words, direction: 'neither' });
const written = (value: Json | undefined): string => (value === undefined ? '' : canonicalForm(value));
