/**
 * The part of a spec that rules are decided by, compiled when a draft is stored (at most 16 KiB).
 * The whole document stays in the document store under `digest`.
 */
import type { Digest } from '../digest.js';
import type { BusinessFunction, GateName, PersonId } from '../vocabulary.js';

export type ClauseId = string;
/** Where a check is judged. */
export type CheckPlace = 'evidence' | 'shadow' | 'canary' | 'live';
export type OnBreach = 'warn' | 'strengthen' | 'hold' | 'roll-back' | 'fall-back';

export interface Check {
  readonly id: ClauseId;
  readonly metric: string;
  readonly op: '<=' | '>=';
  readonly value: number;
  readonly at: readonly CheckPlace[];
  /** Groups the metric is judged by, one verdict each; empty: as a whole. */
  readonly by: readonly string[];
  /** How often it is looked at while live, milliseconds at scale 1; absent: the spec does not say. */
  readonly every?: number;
  /** Milliseconds at scale 1; null: the whole step. */
  readonly window: number | null;
  /** Consecutive failing windows that make a breach. */
  readonly failAfter: number;
  readonly minSample: 'auto' | number;
  readonly onBreach: OnBreach | null;
}

export interface EvidenceClause {
  readonly id: ClauseId;
  readonly kind: string;
  readonly before: string;
  /** Milliseconds; null: no limit of its own. */
  readonly maxAge: number | null;
  readonly from: 'any' | 'independent';
  readonly proves: readonly ClauseId[];
}

/** What it leaves out, the operating model says. Times as written, such as 4bh or 30min. */
export interface Queue {
  readonly id: ClauseId;
  readonly owner: PersonId;
  readonly sla?: string;
  readonly calendar?: string;
  readonly secondLine?: PersonId;
  readonly default?: 'deny' | 'manual';
}

export interface CompiledSpec {
  readonly digest: Digest;
  /** Every clause id with the digest of the clause, for the diff and for what a change touches. */
  readonly clauses: { readonly [id: ClauseId]: Digest };
  readonly checks: readonly Check[];
  readonly evidence: readonly EvidenceClause[];
  readonly queues: readonly Queue[];
  readonly checkpoints: readonly {
    readonly before: GateName;
    readonly function: BusinessFunction;
    readonly count: number;
  }[];
  /** Artefact section to the clauses it is bound to; a section not listed is material. */
  readonly binds: { readonly [section: string]: readonly ClauseId[] };
  /** Success ids by function; each seated function states its own. */
  readonly success: { readonly [F in BusinessFunction]?: readonly ClauseId[] };
  /** Whether the spec names a manual fallback, which rollback relies on. */
  readonly fallback: boolean;
  /** People-hours a day that the queues would need at the review limit, and have; null without queues. */
  readonly load: { readonly needed: number; readonly available: number; readonly arithmetic: string } | null;
}
