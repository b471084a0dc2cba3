/** Ids of a spec: each is used once, and whatever is referred to is there. */
import { CLAUSE_SECTIONS, WHOLE_SECTIONS } from '../../domain/spec/sections.js';
import type { FieldProblem } from '../form.js';

interface Clause {
  readonly id: string;
}

/** The fields that refer to others, or are referred to. */
interface References {
  readonly value?: unknown;
  readonly steps?: readonly Clause[];
  readonly may: readonly Clause[];
  readonly mustNot: readonly Clause[];
  readonly checks?: readonly Clause[];
  readonly toPerson?: readonly (Clause & { readonly queue: string; readonly of?: readonly string[] })[];
  readonly queues?: readonly Clause[];
  readonly evidence?: readonly (Clause & { readonly proves?: readonly string[] })[];
  readonly binds?: { readonly [section: string]: readonly string[] };
  readonly retrain?: readonly { readonly check: string }[];
  readonly guard?: { readonly queue?: string };
  readonly success?: { readonly [businessFunction: string]: readonly string[] };
}

/** Every id used twice, reserved, or referred to without being there. */
export function referenceProblems(spec: References): readonly FieldProblem[] {
  const idsOf = (clauses: readonly Clause[] | undefined) => (clauses ?? []).map(({ id }) => id);
  const all = CLAUSE_SECTIONS.flatMap((section) => idsOf(spec[section]));
  const provable = [...idsOf(spec.checks), ...idsOf(spec.mustNot)];
  const goals = spec.value === undefined ? all : [...all, 'value'];
  return [
    ...idProblems(spec),
    ...(spec.toPerson ?? []).flatMap(({ queue }, index) =>
      unknown([queue], idsOf(spec.queues), 'queue', () => ['toPerson', index, 'queue']),
    ),
    ...(spec.toPerson ?? []).flatMap(({ of }, index) =>
      unknown(of ?? [], idsOf(spec.may), 'may', (at) => ['toPerson', index, 'of', at]),
    ),
    ...(spec.guard?.queue === undefined
      ? []
      : unknown([spec.guard.queue], idsOf(spec.queues), 'queue', () => ['guard', 'queue'])),
    ...(spec.evidence ?? []).flatMap(({ proves }, index) =>
      unknown(proves ?? [], provable, 'check or mustNot', (at) => ['evidence', index, 'proves', at]),
    ),
    ...(spec.retrain ?? []).flatMap(({ check }, index) =>
      unknown([check], idsOf(spec.checks), 'check', () => ['retrain', index, 'check']),
    ),
    ...Object.entries(spec.binds ?? {}).flatMap(([section, ids]) =>
      unknown(ids, all, 'clause', (at) => ['binds', section, at]),
    ),
    ...Object.entries(spec.success ?? {}).flatMap(([name, ids]) =>
      unknown(ids, goals, 'clause', (at) => ['success', name, at]),
    ),
  ];
}

function idProblems(spec: References): FieldProblem[] {
  const seen = new Set<string>(['constructor', ...WHOLE_SECTIONS]);
  const problems: FieldProblem[] = [];
  for (const section of CLAUSE_SECTIONS) {
    for (const [index, { id }] of (spec[section] ?? []).entries()) {
      if (seen.has(id)) {
        const detail = `"${id}" is taken; every clause of a spec has an id of its own`;
        problems.push({ path: [section, index, 'id'], detail });
      }
      seen.add(id);
    }
  }
  return problems;
}

function unknown(
  ids: readonly string[],
  known: readonly string[],
  what: string,
  pathOf: (index: number) => FieldProblem['path'],
): FieldProblem[] {
  return ids.flatMap((id, index) =>
    known.includes(id)
      ? []
      : [
          {
            path: pathOf(index),
            detail: `there is no ${what} "${id}" here; there is ${known.join(', ') || 'none'}`,
          },
        ],
  );
}
