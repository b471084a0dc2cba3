import type { GuardClause } from '../../domain/guard/rules.js';
import { said } from '../../domain/spec/field-words.js';
import { compileGuard } from '../compile-guard.js';
import type { Spec } from '../spec.js';
import type { SpecOverviewAnswer } from '../spec-overview.js';

type Lines = SpecOverviewAnswer['guard'];

/** What the decision-time guard judges by, clause by clause, as it compiles it. */
export function guardLines(spec: Spec): Lines {
  const { may, mustNot, toPerson, sample, queue, whenUnknown } = compileGuard(spec);
  return {
    may: spec.may.flatMap(({ id, action }) => lineOf(may.get(id), id, action)),
    mustNot: spec.mustNot.flatMap(({ id, action }) => lineOf(mustNot.get(id), id, action)),
    toPerson: toPerson.map(({ id, when, queue: to, of }) => ({
      clause: id,
      when: said(when),
      queue: to,
      of: of && [...of],
    })),
    sample,
    sampleQueue: queue,
    whenUnknown,
  };
}

function lineOf(compiled: readonly GuardClause[] | undefined, clause: string, action: string): Lines['may'] {
  const found = compiled?.find(({ id }) => id === clause);
  return found ? [{ clause, action, limit: found.limit, onAttempt: found.onAttempt }] : [];
}
