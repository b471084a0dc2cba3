/** What evidence is worth by the spec: its results against the clauses that evidence of its kind proves. */
import type { Engine } from '../lifecycle/state.js';
import { meets } from '../release/judge.js';
import type { Check, ClauseId, CompiledSpec } from '../spec/spec.js';
import type { EvidenceVerdict, Measured } from './measured.js';

/** By metric, or `metric/group` for one of its groups. `<clause>.failed` counts how often a mustNot was broken. */
export type Results = {
  readonly [metric: string]: { readonly value: number; readonly n?: number };
};

/** One verdict for each clause; of a check by groups, that of the group that stands worst. */
export function judgeEvidence(
  spec: CompiledSpec | null,
  kind: string,
  results: Results,
  engine: Engine,
): readonly EvidenceVerdict[] {
  const checks = provedBy(spec, kind).map((check) => worst(measurements(check, results)));
  if (engine < 3) return checks.map(({ clause, met }) => ({ clause, met }));
  return [...checks, ...prohibitions(spec, kind).flatMap((clause) => judgeProhibition(clause, results))];
}

/** The checks that evidence of a kind is judged by. */
export function provedBy(spec: CompiledSpec | null, kind: string): Check[] {
  const proved = provenIds(spec, kind);
  return (spec?.checks ?? []).filter(({ id, at }) => proved.includes(id) && at.includes('evidence'));
}

/** What a verdict says in words where the clause is not met: `c1 (f1 is 0.97, wanted at least 0.98)`. */
export function shortfallOf({ clause, measured }: EvidenceVerdict): string {
  if (measured === undefined) return clause;
  const { result, value, n, op, limit, minimum } = measured;
  if (value === null) return `${clause} (it has no result ${result})`;
  if ((n ?? 0) < minimum) return `${clause} (${result} has ${n ?? 'no stated'} samples, wanted ${minimum})`;
  return `${clause} (${result} is ${value}, wanted at ${op === '<=' ? 'most' : 'least'} ${limit})`;
}

const provenIds = (spec: CompiledSpec | null, kind: string): readonly ClauseId[] =>
  (spec?.evidence ?? []).filter((clause) => clause.kind === kind).flatMap(({ proves }) => proves);

/** What is proved and no check is a mustNot clause: the spec's form lets evidence prove nothing else. */
function prohibitions(spec: CompiledSpec | null, kind: string): ClauseId[] {
  const checks = new Set(spec?.checks.map(({ id }) => id));
  return [...new Set(provenIds(spec, kind))].filter((id) => !checks.has(id));
}

type Judged = Required<EvidenceVerdict>;

function measurements(check: Check, results: Results): Judged[] {
  const { id, metric, op, value, by, minSample } = check;
  const terms = { op, limit: value, minimum: minSample === 'auto' ? 0 : minSample };
  const names = by.length === 0 ? [metric] : by.map((group) => `${metric}/${group}`);
  return names.map((name) => judged(id, { result: name, ...terms }, results));
}

/** Whether a prohibition held is said by those who tried; evidence that does not say it is read by people. */
function judgeProhibition(clause: ClauseId, results: Results): Judged[] {
  const name = `${clause}.failed`;
  if (results[name] === undefined) return [];
  return [judged(clause, { result: name, op: '<=', limit: 0, minimum: 1 }, results)];
}

function judged(clause: ClauseId, terms: Omit<Measured, 'value' | 'n'>, results: Results): Judged {
  const given = results[terms.result];
  const value = given !== undefined && Number.isFinite(given.value) ? given.value : null;
  const enough = (given?.n ?? 0) >= terms.minimum;
  const met = value !== null && enough && meets({ op: terms.op, value: terms.limit }, value);
  return { clause, met, measured: { ...terms, value, n: given?.n ?? null } };
}

/** The first that is not met; where all are, the one closest to its limit. */
function worst(all: readonly Judged[]): Judged {
  const slack = ({ measured: { value, limit } }: Judged): number => Math.abs((value ?? limit) - limit);
  return all.reduce((one, other) => {
    if (one.met !== other.met) return one.met ? other : one;
    return one.met && slack(other) < slack(one) ? other : one;
  });
}
