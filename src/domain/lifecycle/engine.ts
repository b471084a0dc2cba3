import type { Engine } from './state.js';

/**
 * Behaviour versions of the decider. A lifecycle keeps the one it was started with until a `poke` asks for
 * another, so that recorded histories replay: where behaviour changed, the decider branches on it.
 *
 * 1: reminds of every gate that is not held.
 * 2: reminds of no gate that has its quorum, because only the directory is still asked there.
 * 3: takes conditions that are due in the future only, and holds a release when one of them is overdue; lets nobody
 *    lower the materiality of their own work. Refuses evidence that is stale for everybody, or judged and about nothing,
 *    and judges what evidence says of prohibitions. Asks after the approvers also where a release takes over, joins a
 *    rollback to a rollback only, takes no shadow for full exposure, and lets what served beside a candidate that made
 *    everything fall back serve again.
 */
const ENGINES = [1, 2, 3] as const satisfies readonly Engine[];

/** What new lifecycles start with. */
export const CURRENT_ENGINE: Engine = 3;

export function isEngine(n: number): n is Engine {
  return (ENGINES as readonly number[]).includes(n);
}
