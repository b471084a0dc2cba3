/** The idempotency memory: which commands were accepted, so that a repeated one is answered and not done again. */
import type { Instant } from '../domain/vocabulary.js';

/** [command id, body digest, first and last event sequence, when]: at most 64 bytes an entry. */
type Entry = readonly [id: string, digest: string, first: number, last: number, at: Instant];
export type Memory = readonly Entry[];

const KEPT = 500;
const KEPT_FOR = 24 * 3_600_000;

export function remember(memory: Memory, entry: Entry): Memory {
  const since = entry[4] - KEPT_FOR;
  return [...memory.filter(([, , , , at]) => at >= since), entry].slice(-KEPT);
}

/** Of commands accepted before this instant some are forgotten: what is as old may be a repetition. */
export function forgottenBefore(memory: Memory): Instant {
  return memory.length < KEPT ? 0 : (memory[0]?.[4] ?? 0);
}

/** The accepted command of this id: its events, or that it was another body. */
export function recall(
  memory: Memory,
  id: string,
  digest: string,
): 'unknown' | 'another-body' | { readonly first: number; readonly last: number } {
  const entry = memory.findLast(([known]) => known === id);
  if (!entry) return 'unknown';
  const [, known, first, last] = entry;
  return known === digest ? { first, last } : 'another-body';
}
