import { digestOf } from '../../domain/digest.js';
import type { ReportedFinding } from '../../domain/governance/finding.js';
import type { FindingKind, Instant } from '../../domain/vocabulary.js';
import type { LedgerEntry } from '../../ports/ledger.js';

/** A finding with where it was seen: what the ledger keeps of it. */
export interface Finding {
  readonly kind: FindingKind;
  /** The lifecycle's key; null for a workflow under an id that no lifecycle has. */
  readonly lifecycle: string | null;
  readonly runId: string;
  /** Number of the event that shows it; null where none does. */
  readonly eventId: number | null;
  /** The sequence number that the ledger lacks, or that was the last before everything stood still; else null. */
  readonly seq: number | null;
  readonly at: Instant;
  /** The gate it touches; null: all of them. */
  readonly gate: string | null;
  readonly identity: string;
  readonly principal: string | null;
  /** In a few words of ours: what was sent, or how it ended. */
  readonly detail: string;
}

/** A finding that no event shows: something is not where it should be. */
export function lacking(
  kind: FindingKind,
  { lifecycle, runId }: Pick<Finding, 'lifecycle' | 'runId'>,
  at: Instant,
  detail: string,
  seq: number | null = null,
): Finding {
  return {
    kind,
    lifecycle,
    runId,
    eventId: null,
    seq,
    at,
    gate: null,
    identity: '',
    principal: null,
    detail,
  };
}

/** What others wrote goes into the ledger for good, and an identity can be as long as a message. */
const LONGEST = 200;

/** The same for the same event of the same run, whoever finds it and how often. */
export function findingId({ kind, lifecycle, runId, eventId, seq }: Finding): string {
  const hash = digestOf({ kind, runId, eventId, seq }).slice('sha256:'.length, 'sha256:'.length + 32);
  return `finding/${lifecycle ?? '-'}/${hash}`;
}

/** What its lifecycle is told of it. */
export function reportOf(finding: Finding): ReportedFinding {
  const { kind, gate, detail } = finding;
  return { id: findingId(finding), kind, gate, detail };
}

/** The ledger's entry of a finding. */
export function findingEntry(finding: Finding): LedgerEntry {
  const { kind, lifecycle, runId, eventId, seq, at, gate, identity, principal, detail } = finding;
  return {
    id: findingId(finding),
    lifecycle,
    kind: 'finding',
    seq: null,
    at,
    type: kind,
    by: null,
    command: null,
    data: {
      gate,
      runId,
      eventId,
      ...(seq !== null && { seq }),
      identity: identity.slice(0, LONGEST),
      ...(principal !== null && { principal: principal.slice(0, LONGEST) }),
      detail,
    },
  };
}
