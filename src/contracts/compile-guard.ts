import { digestOf } from '../domain/digest.js';
import {
  callOf,
  type GuardClause,
  type GuardCondition,
  type GuardPermission,
  type GuardRules,
} from '../domain/guard/rules.js';
import type { FieldShape, Shape } from '../domain/guard/shape.js';
import type { Spec } from './spec.js';

/** Compiles what the decision-time guard needs of a parsed spec. Whoever says nothing is blocked when it cannot know. */
export function compileGuard(spec: Spec): GuardRules {
  const { may, mustNot, toPerson = [], queues = [], guard = {} } = spec;
  return {
    spec: digestOf(spec),
    may: byCall(
      may,
      (clause): GuardPermission => ({
        ...compileClause(clause),
        accepts: clause.accepts === undefined ? null : compileShape(clause.accepts),
      }),
    ),
    mustNot: byCall(mustNot, compileClause),
    toPerson: toPerson.map(
      ({ id, when, queue, of }): GuardCondition => ({ id, when, queue, of: of ?? null }),
    ),
    sample: guard.sample ?? 0,
    queue: guard.queue ?? queues[0]?.id ?? null,
    whenUnknown: guard.whenUnknown ?? 'block',
  };
}

function compileClause({
  id,
  limit,
  onAttempt,
}: Pick<Spec['may'][number], 'id' | 'limit' | 'onAttempt'>): GuardClause {
  // A limit in words is for people.
  return { id, limit: typeof limit === 'number' ? limit : null, onAttempt: onAttempt ?? 'block' };
}

/** By what an action is called and by the clause's id; what several clauses are about is found under each. */
function byCall<C extends { readonly id: string; readonly action: string }, R>(
  clauses: readonly C[],
  compile: (clause: C) => R,
): ReadonlyMap<string, readonly R[]> {
  const found = new Map<string, R[]>();
  for (const clause of clauses) {
    const compiled = compile(clause);
    for (const name of new Set([callOf(clause.action), clause.id])) {
      const under = found.get(name);
      if (under === undefined) found.set(name, [compiled]);
      else under.push(compiled);
    }
  }
  return found;
}

type WrittenShape = NonNullable<Spec['may'][number]['accepts']>;

function compileShape(written: WrittenShape): Shape {
  return Object.fromEntries(
    Object.entries(written).map(([name, field]) => [
      name,
      { ...compileField(field), optional: field.optional ?? false },
    ]),
  );
}

function compileField(field: WrittenShape[string]): FieldShape {
  switch (field.is) {
    case 'text':
      return { is: 'text', longest: field.longest ?? null, oneOf: field.oneOf ?? null };
    case 'number':
    case 'whole':
      return { is: field.is, from: field.from ?? null, to: field.to ?? null };
    case 'yes-no':
      return { is: 'yes-no' };
  }
}
