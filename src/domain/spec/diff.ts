import type { ClauseId, CompiledSpec } from './spec.js';

/** Which clauses two versions of a spec differ in, each list sorted by id. */
export interface ClauseDiff {
  readonly added: readonly ClauseId[];
  readonly removed: readonly ClauseId[];
  readonly changed: readonly ClauseId[];
}

/** Compares the clauses of two compiled specs by id and digest. */
export function diffClauses(before: CompiledSpec['clauses'], after: CompiledSpec['clauses']): ClauseDiff {
  const was = Object.keys(before).sort();
  const is = Object.keys(after).sort();
  return {
    added: is.filter((id) => !Object.hasOwn(before, id)),
    removed: was.filter((id) => !Object.hasOwn(after, id)),
    changed: is.filter((id) => Object.hasOwn(before, id) && before[id] !== after[id]),
  };
}
