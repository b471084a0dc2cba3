/**
 * What the decision-time guard knows of a spec: compiled from the whole document, kept in memory, and judged by nothing
 * else. It never travels and is never part of a lifecycle's state, so what is looked up by name is a map.
 */
import type { Digest } from '../digest.js';
import type { ClauseId } from '../spec/spec.js';
import type { Shape } from './shape.js';

/** From mild to strict. */
export const GUARD_VERDICTS = ['allow', 'review', 'block'] as const;
export type GuardVerdict = (typeof GUARD_VERDICTS)[number];

/** What becomes of an attempt that a clause speaks against. */
export type OnAttempt = 'block' | 'review' | 'block-and-incident';

export interface GuardClause {
  readonly id: ClauseId;
  /** The most that one action may amount to; null: no number limits it. */
  readonly limit: number | null;
  readonly onAttempt: OnAttempt;
}

export interface GuardPermission extends GuardClause {
  /** What its output must look like; null: anything. */
  readonly accepts: Shape | null;
}

/** A condition under which a person decides. */
export interface GuardCondition {
  readonly id: ClauseId;
  readonly when:
    | { readonly metric: string; readonly op: '<' | '<=' | '>' | '>='; readonly value: number }
    | { readonly flag: string };
  readonly queue: string;
  /** Permissions it is asked of; null: every action. */
  readonly of: readonly ClauseId[] | null;
}

export interface GuardRules {
  /** Of the spec they are compiled from. */
  readonly spec: Digest;
  /** By what an action is called (see `callOf`), and by the clause's id. */
  readonly may: ReadonlyMap<string, readonly GuardPermission[]>;
  readonly mustNot: ReadonlyMap<string, readonly GuardClause[]>;
  readonly toPerson: readonly GuardCondition[];
  /** Share of the allowed cases that a person looks at, 0 to 1. */
  readonly sample: number;
  /** Where a case goes that no condition sends to a queue of its own; null: to the only one there is. */
  readonly queue: string | null;
  /** What is answered where the guard cannot know. */
  readonly whenUnknown: GuardVerdict;
}

/** How an action is called, whatever its case and the spaces around it. */
export function callOf(action: string): string {
  return action.trim().toLowerCase();
}

/** The stricter of two verdicts. */
export function stricter(one: GuardVerdict, other: GuardVerdict): GuardVerdict {
  return GUARD_VERDICTS.indexOf(one) >= GUARD_VERDICTS.indexOf(other) ? one : other;
}
