import { rowOf } from '../contracts/actions.js';
import { PROBLEMS, type ProblemCode } from '../contracts/problem.js';
import type { Json } from '../domain/json.js';
import { REJECTION_CODES } from '../domain/rejection.js';
import type { LedgerEntry } from '../ports/ledger.js';
import type { Problem } from './problem.js';
import type { RequestContext } from './request-context.js';

const RECORDED: readonly string[] = [...REJECTION_CODES, 'idempotency-key-reused', 'version-conflict'];

/** Whether it was refused for who asked. */
export function isDenial(code: ProblemCode): boolean {
  const { status } = PROBLEMS[code];
  return status === 401 || status === 403;
}

/** The ledger's record of a refusal: who was refused what, and why; nothing where nobody or nothing is known. */
export function refusalOf(problem: Problem, context: RequestContext, at: number): LedgerEntry | undefined {
  const { person, lifecycle, command, permission, hidden, requestId } = context;
  const code = hidden === undefined ? problem.code : 'not-permitted';
  if (person === undefined || !RECORDED.includes(code)) return undefined;
  if (lifecycle === undefined && !isDenial(code) && !movesPolicy(context)) return undefined;
  // There is no lifecycle yet, or it is another's: neither is told of who wanted its key.
  const started = permission === 'start';
  return {
    id: `refusal/${requestId}`,
    lifecycle: started ? null : (lifecycle ?? null),
    kind: 'refusal',
    seq: null,
    at,
    type: code,
    by: person.id,
    command: command ?? null,
    data: {
      ...(permission !== undefined && { action: permission }),
      ...(started && lifecycle !== undefined && { key: lifecycle }),
      reasons: (hidden ?? problem.reasons) as Json,
    },
  };
}

/** Proposals have no lifecycle, and whoever tries to decide on one is on record all the same. */
function movesPolicy({ permission }: RequestContext): boolean {
  if (permission === undefined) return false;
  const { about, method } = rowOf(permission);
  return about === 'policy' && method !== 'GET';
}
