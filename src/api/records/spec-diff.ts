/** Two versions of a spec, clause by clause, in words for whoever approves. */
import type { ClauseChange, SpecDiffAnswer } from '../../contracts/records.js';
import { CLAUSE_SECTIONS } from '../../contracts/spec/reference-problems.js';
import { canonicalForm } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import { diffClauses } from '../../domain/spec/diff.js';
import { documentOf, type RecordSources } from './sources.js';
import type { SpecVersion } from './specs.js';

/** What is different in `to`, in the order of ids: added, removed, changed. */
export async function diffSpecs(
  sources: RecordSources,
  from: SpecVersion,
  to: SpecVersion,
): Promise<SpecDiffAnswer> {
  const { added, removed, changed } = diffClauses(from.compiled.clauses, to.compiled.clauses);
  const [before, after] = await Promise.all([
    documentOf(sources, from.item.digest),
    documentOf(sources, to.item.digest),
  ]);
  const side = ({ item: { version, digest } }: SpecVersion) => ({ version, digest });
  const changes = [
    ...added.map((clause) => changeOf('added', clause, null, clauseIn(after, clause))),
    ...removed.map((clause) => changeOf('removed', clause, clauseIn(before, clause), null)),
    ...changed.map((clause) =>
      changeOf('changed', clause, clauseIn(before, clause), clauseIn(after, clause)),
    ),
  ];
  return { from: side(from), to: side(to), changes };
}

interface Found {
  readonly section: string;
  readonly value: Json;
}

/** A clause by its id; a section that is one clause as a whole goes by its own name. */
function clauseIn(spec: Json, id: string): Found | null {
  if (!isGroup(spec)) return null;
  for (const section of CLAUSE_SECTIONS) {
    const clauses = spec[section];
    const found = listOf(clauses).find((each) => isGroup(each) && each.id === id);
    if (found !== undefined) return { section, value: found };
  }
  const whole = spec[id];
  return whole === undefined ? null : { section: id, value: whole };
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

function changeOf(
  change: ClauseChange['change'],
  clause: string,
  before: Found | null,
  after: Found | null,
): ClauseChange {
  const section = (after ?? before)?.section ?? clause;
  return {
    clause,
    section,
    change,
    before: jsonOf(before),
    after: jsonOf(after),
    words: inWords(change, before, after),
  };
}

const jsonOf = (found: Found | null): ClauseChange['before'] =>
  found === null ? null : (found.value as ClauseChange['before']);

function inWords(change: ClauseChange['change'], before: Found | null, after: Found | null): string {
  switch (change) {
    case 'added':
      return `new: ${fieldsOf(after)}`;
    case 'removed':
      return `gone: ${fieldsOf(before)}`;
    case 'changed':
      return [...movedFrom(before, after), ...differences(before?.value, after?.value)].join('; ');
  }
}

/** A permission that has become a prohibition under the same id has changed, whatever else it says. */
function movedFrom(before: Found | null, after: Found | null): string[] {
  if (before === null || after === null || before.section === after.section) return [];
  return [`now in ${after.section}, was in ${before.section}`];
}

function differences(before: Json | undefined, after: Json | undefined): string[] {
  if (!isGroup(before) || !isGroup(after)) return [`${written(before)} → ${written(after)}`];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => written(before[field]) !== written(after[field]))
    .map((field) => `${field} ${written(before[field])} → ${written(after[field])}`);
}

function fieldsOf(found: Found | null): string {
  if (!isGroup(found?.value)) return written(found?.value);
  const fields = Object.entries(found.value).filter(([field]) => field !== 'id');
  return fields.map(([field, value]) => `${field} ${written(value)}`).join(', ');
}

function written(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : canonicalForm(value);
}

function isGroup(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
