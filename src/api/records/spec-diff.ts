import type { ClauseChange, SpecDiffAnswer } from '../../contracts/records.js';
import { changesBetween } from '../../domain/spec/changes.js';
import { diffClauses } from '../../domain/spec/diff.js';
import { documentOf, type RecordSources } from './sources.js';
import type { SpecVersion } from './specs.js';

/** What is different in `to`, in the order of ids: added, removed, changed. */
export async function diffSpecs(
  sources: RecordSources,
  from: SpecVersion,
  to: SpecVersion,
): Promise<SpecDiffAnswer> {
  const [before, after] = await Promise.all([
    documentOf(sources, from.item.digest),
    documentOf(sources, to.item.digest),
  ]);
  const diff = diffClauses(from.compiled.clauses, to.compiled.clauses);
  const side = ({ item: { version, digest } }: SpecVersion) => ({ version, digest });
  // What an answer says is read-only here, and not in its form.
  const changes = changesBetween(before, after, diff) as unknown as ClauseChange[];
  return { from: side(from), to: side(to), changes };
}
