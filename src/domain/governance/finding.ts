/**
 * What went past us: something was done to a lifecycle in Temporal or in the ledger that no command of it says.
 * Until an approver and an auditor have ratified it, what it touches is frozen: nobody decides there, nothing
 * passes, and exposure does not go forward. Whatever makes things stricter still works.
 */
import type { Digest } from '../digest.js';
import type { FindingKind, Instant, PersonId } from '../vocabulary.js';

/** Bounds the state. So many at once mean that nothing here is as it was left, so they freeze everything. */
export const MAX_FINDINGS = 20;

/** A finding as the reconciler reports it. */
export interface ReportedFinding {
  /** The same for the same thing, however often it is found. */
  readonly id: string;
  readonly kind: FindingKind;
  /** Id of the gate it touches; null: every gate. */
  readonly gate: string | null;
  /** In a few words, at most 200 characters; nothing that people wrote. */
  readonly detail: string;
}

export type Capacity = 'approver' | 'auditor';

/** One of the two ratifications, and what its person could speak as. */
interface Ratification {
  readonly person: PersonId;
  readonly as: readonly Capacity[];
}

/** A finding that has not been ratified by both yet. */
export interface Finding extends ReportedFinding {
  readonly at: Instant;
  readonly ratified: readonly Ratification[];
}

/** What must not be erased or forgotten, whatever its retention says. */
export interface LegalHold {
  readonly reason: Digest;
  readonly by: PersonId;
  readonly at: Instant;
}

const CAPACITIES: readonly Capacity[] = ['approver', 'auditor'];

/** How many of the two capacities different people have spoken for: 0, 1 or 2. */
export function covered(ratified: readonly Ratification[]): number {
  const both = ratified.some((one) =>
    ratified.some(
      (other) => one.person !== other.person && one.as.includes('approver') && other.as.includes('auditor'),
    ),
  );
  return both ? 2 : Math.min(1, ratified.length);
}

/** Who still has to ratify a finding, as what. */
export function missingFrom({ ratified }: Finding): Capacity[] {
  const somebody = (as: Capacity): Ratification => ({ person: '', as: [as] });
  return CAPACITIES.filter((as) => covered([...ratified, somebody(as)]) > covered(ratified));
}
