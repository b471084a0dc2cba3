import type { Engine } from './state.js';

/**
 * Behaviour versions of the decider. A lifecycle keeps the one it was started with until a `poke` asks for
 * another, so that recorded histories replay: where behaviour changed, the decider branches on it.
 *
 * 1: reminds of every gate that is not held.
 * 2: reminds of no gate that has its quorum, because only the directory is still asked there.
 */
const ENGINES = [1, 2] as const satisfies readonly Engine[];

/** What new lifecycles start with. */
export const CURRENT_ENGINE: Engine = 2;

export function isEngine(n: number): n is Engine {
  return (ENGINES as readonly number[]).includes(n);
}
