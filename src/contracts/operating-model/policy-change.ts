/** How a model is replaced by its next version, as it is written. */
import { z } from 'zod';
import type { PolicyChangeRules } from '../../domain/policy.js';
import { businessOf, businessTime, elapsedOf, elapsedTime } from '../duration-text.js';
import type { FieldProblem } from '../form.js';
import { compileGate } from './compile-gate.js';
import { writtenGate } from './gates.js';
import { authority, authorityOf } from './words.js';

export const writtenPolicyChange = z.strictObject({
  gate: writtenGate,
  publishBy: elapsedTime,
  migrate: z.array(authority).length(2),
  remediation: businessTime,
});
type WrittenPolicyChange = z.output<typeof writtenPolicyChange>;

/** What a model that says nothing of it is changed by. */
const UNSAID: WrittenPolicyChange = {
  gate: {
    seats: ['governance', 'risk'],
    sla: '3bd',
    reminders: [50, 80],
    escalation: { every: '4bh', chain: ['lead', 'function-head'] },
    timeout: 'return',
  },
  publishBy: '30d',
  migrate: ['technicalOwner', 'governance'],
  remediation: '20bd',
};

/** As the decider reads it. */
export function compilePolicyChange(written: WrittenPolicyChange = UNSAID): PolicyChangeRules {
  return {
    gate: compileGate(written.gate),
    publishBy: elapsedOf(written.publishBy),
    migrate: written.migrate.map(authorityOf),
    remediation: businessOf(written.remediation),
  };
}

const FUNCTIONS = ['governance', 'risk'] as const;

/** A version that governance or risk did not approve would change the rules behind their backs. */
export function policyChangeProblems(written: WrittenPolicyChange | undefined): FieldProblem[] {
  if (written === undefined) return [];
  const { seats, timeout } = written.gate;
  const path = ['policyChange', 'gate'];
  const unseated = FUNCTIONS.filter((name) => !seats.includes(name)).map((name) => ({
    path: [...path, 'seats'],
    detail: `needs a seat for ${name}: no version is published without governance and risk`,
  }));
  // Who decides on a version is no team of a use case, so nobody holds a right there.
  const rights = seats.flatMap((name, index) =>
    'right' in authorityOf(name)
      ? [{ path: [...path, 'seats', index], detail: `${name} is a right on a use case; name a function` }]
      : [],
  );
  const held =
    timeout === 'hold'
      ? [{ path: [...path, 'timeout'], detail: 'must be return: there is nothing here that could be held' }]
      : [];
  return [...unseated, ...rights, ...held];
}
