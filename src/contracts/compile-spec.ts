import { digestOf } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { CLAUSE_SECTIONS, WHOLE_SECTIONS } from '../domain/spec/sections.js';
import type { Check, CompiledSpec, EvidenceClause } from '../domain/spec/spec.js';
import { elapsedOf } from './duration-text.js';
import { type FieldProblem, namingEntries, parseForm } from './form.js';
import { queueLoad } from './spec/queue-load.js';
import { type Spec, specForm } from './spec.js';

/** The most that a compiled spec may take in a lifecycle's state, as canonical JSON in UTF-8. */
const MAX_SPEC_BYTES = 16 * 1024;

export type ReadSpec =
  | { readonly ok: true; readonly spec: Spec; readonly compiled: CompiledSpec }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Parses and compiles a written spec; refuses a malformed or an oversized one. */
export function readSpec(written: unknown): ReadSpec {
  const parsed = parseForm(specForm, written);
  if (!parsed.ok) return { ok: false, problems: namingEntries(written, parsed.problems) };
  const compiled = compileSpec(parsed.value);
  const bytes = new TextEncoder().encode(JSON.stringify(compiled)).length;
  if (bytes <= MAX_SPEC_BYTES) return { ok: true, spec: parsed.value, compiled };
  const detail = `the spec compiles to ${bytes} bytes, at most ${MAX_SPEC_BYTES} fit into a lifecycle; merge clauses or shorten lists`;
  return { ok: false, problems: [{ path: [], detail }] };
}

/** The part of a parsed spec that rules are decided by. Its digest is that of the whole spec. */
export function compileSpec(spec: Spec): CompiledSpec {
  return {
    digest: digestOf(spec),
    clauses: clauseDigests(spec),
    checks: (spec.checks ?? []).map(compileCheck),
    evidence: (spec.evidence ?? []).map(compileEvidence),
    // Minutes and hours are in the load.
    queues: (spec.queues ?? []).map(({ minutesPerItem: _each, hoursPerDay: _all, ...queue }) => queue),
    checkpoints: spec.checkpoints ?? [],
    binds: spec.binds ?? {},
    success: spec.success ?? {},
    fallback: true,
    load: queueLoad(spec),
  };
}

function clauseDigests(spec: Spec): CompiledSpec['clauses'] {
  const numbered = CLAUSE_SECTIONS.flatMap((section) =>
    // The section counts: a permission that becomes a prohibition under the same id has changed.
    (spec[section] ?? []).map((clause): [string, string] => [clause.id, digestOf({ section, clause })]),
  );
  const whole = WHOLE_SECTIONS.flatMap((section): [string, string][] =>
    spec[section] === undefined ? [] : [[section, digestOf(spec[section] as Json)]],
  );
  return Object.fromEntries([...whole, ...numbered]);
}

function compileCheck(check: NonNullable<Spec['checks']>[number]): Check {
  const { id, metric, op, value, at, by, every, window, failAfter, minSample, onBreach } = check;
  return {
    id,
    metric,
    op,
    value,
    at,
    by: by ?? [],
    ...(every === undefined ? {} : { every: elapsedOf(every) }),
    window: window === undefined ? null : elapsedOf(window),
    failAfter: failAfter ?? 1,
    minSample: minSample ?? 'auto',
    onBreach: onBreach ?? null,
  };
}

function compileEvidence(item: NonNullable<Spec['evidence']>[number]): EvidenceClause {
  const { id, kind, before, maxAge, from, proves } = item;
  return {
    id,
    kind,
    before,
    maxAge: maxAge === undefined ? null : elapsedOf(maxAge),
    from: from ?? 'any',
    proves: proves ?? [],
  };
}
