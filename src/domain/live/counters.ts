/** What one look changes: runs of failing and passing judgements, and how long nothing has been measured. */
import type { Digest } from '../digest.js';
import type { Verdict } from '../release/verdict.js';
import type { Instant } from '../vocabulary.js';
import type { Looked } from './look.js';
import type { WatchedCheck, WatchTerms } from './terms.js';

/** Since when, by clause and group. */
type Since = { readonly [clauseAndGroup: string]: Instant };

/** What the guard remembers from look to look; small, and plain JSON. */
export interface Counters {
  readonly failing: Since;
  readonly passing: Since;
  readonly silent: Since;
}

export const NOTHING_COUNTED: Counters = { failing: {}, passing: {}, silent: {} };

interface Measured {
  readonly clause: string;
  readonly group: string | null;
  readonly value: number | null;
  readonly n: number;
  readonly window: { readonly from: Instant; readonly to: Instant };
  /** Digest of what was asked, where the source says it. */
  readonly query?: Digest;
}

/** What is different from before: the only thing that the guard tells its lifecycle. */
export type Seen =
  | ({ readonly what: 'breach'; readonly since: Instant } & Measured)
  | ({ readonly what: 'recovery' } & Measured)
  | { readonly what: 'silence'; readonly since: Instant; readonly clauses: readonly string[] }
  | { readonly what: 'sound' };

/** What is known already when a look is taken. */
export interface Known {
  readonly open: readonly { readonly clause: string; readonly group: string | null }[];
  readonly silent: boolean;
}

export function keyOf({ clause, group }: Pick<Verdict, 'clause' | 'group'>): string {
  return group === null ? clause : `${clause}/${group}`;
}

/** How long a clause must go on failing, or passing again, until it counts: the time of its consecutive windows. */
export function runOf({ check, stride }: WatchedCheck): number {
  return (check.failAfter - 1) * stride;
}

function count(before: Counters, looked: readonly Looked[], at: Instant): Counters {
  const failing = new Map(Object.entries(before.failing));
  const passing = new Map(Object.entries(before.passing));
  const silent = new Map<string, Instant>();
  for (const { verdict, silentSince } of looked) {
    const key = keyOf(verdict);
    if (silentSince !== null) silent.set(key, before.silent[key] ?? silentSince);
    // Doubt neither goes on with a run nor ends it.
    if (verdict.result === 'inconclusive') continue;
    const [going, ended] = verdict.result === 'failed' ? [failing, passing] : [passing, failing];
    ended.delete(key);
    if (!going.has(key)) going.set(key, at);
  }
  return {
    failing: Object.fromEntries(failing),
    passing: Object.fromEntries(passing),
    silent: Object.fromEntries(silent),
  };
}

/** A source that gives no answer measures nothing of anything. */
function countUnanswered(before: Counters, { checks }: WatchTerms, at: Instant): Counters {
  const keys = checks.flatMap(({ check: { id, by } }) =>
    by.length === 0 ? [id] : by.map((group) => `${id}/${group}`),
  );
  return { ...before, silent: Object.fromEntries(keys.map((key) => [key, before.silent[key] ?? at])) };
}

function changes(
  terms: WatchTerms,
  known: Known,
  counters: Counters,
  looked: readonly Looked[],
  at: Instant,
) {
  return looked.flatMap(({ verdict, from }): Seen[] => {
    const { clause, group, value, n, result, query } = verdict;
    const one = terms.checks.find(({ check }) => check.id === clause);
    if (!one || result === 'inconclusive') return [];
    const isOpen = known.open.some((open) => open.clause === clause && open.group === group);
    const run = result === 'failed' ? counters.failing : counters.passing;
    const since = run[keyOf(verdict)] ?? at;
    if (isOpen !== (result === 'passed') || at - since < runOf(one)) return [];
    const asked = query === undefined ? {} : { query };
    const measured = { clause, group, value, n, window: { from, to: at }, ...asked };
    return [result === 'failed' ? { what: 'breach', since, ...measured } : { what: 'recovery', ...measured }];
  });
}

function silence({ silenceAfter }: WatchTerms, known: Known, { silent }: Counters, at: Instant): Seen[] {
  const keys = Object.keys(silent).sort();
  if (known.silent) return keys.length === 0 ? [{ what: 'sound' }] : [];
  const long = keys.filter((key) => at - (silent[key] ?? at) >= silenceAfter);
  const [first] = long.map((key) => silent[key] ?? at).sort((a, b) => a - b);
  return first === undefined ? [] : [{ what: 'silence', since: first, clauses: long }];
}

/** Counts one look, `errored` where the source gave no answer, and says what is different now. */
export function takeLook(
  terms: WatchTerms,
  known: Known,
  before: Counters,
  looked: readonly Looked[] | 'errored',
  at: Instant,
): { readonly counters: Counters; readonly seen: readonly Seen[] } {
  if (looked === 'errored') {
    const counters = countUnanswered(before, terms, at);
    return { counters, seen: silence(terms, known, counters, at) };
  }
  const counters = count(before, looked, at);
  const seen = [...changes(terms, known, counters, looked, at), ...silence(terms, known, counters, at)];
  return { counters, seen };
}
