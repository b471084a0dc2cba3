import type { LedgerEntry } from '../../src/ports/ledger.js';

/** The n-th event of a lifecycle; its time rises with n. */
export function event(lifecycle: string, seq: number, data: LedgerEntry['data'] = { seq }): LedgerEntry {
  return {
    id: `lifecycle/${lifecycle}/${seq}`,
    lifecycle,
    kind: 'event',
    seq,
    at: 1_000 * seq,
    type: 'HoldLifted',
    by: 'asha',
    command: 'lift-hold',
    data,
  };
}

/** A refused command. */
export function refusal(lifecycle: string, request: string, at: number): LedgerEntry {
  return {
    id: `refusal/${request}`,
    lifecycle,
    kind: 'refusal',
    seq: null,
    at,
    type: 'not-eligible',
    by: 'ravi',
    command: 'decide',
    data: { reasons: ['author'] },
  };
}

/** `count` events of a lifecycle, from number `from` on. */
export function events(lifecycle: string, count: number, from = 1): LedgerEntry[] {
  return Array.from({ length: count }, (_, i) => event(lifecycle, from + i));
}
