import type { Say } from '../servers/command.js';

/** A server takes ports of its own choosing beside the one it is given, and any of them may be taken meanwhile. */
export const PORTS_MAY_BE_TAKEN = 3;

/** Tries a start anew, at most `attempts` times in all, unless it is `stopping`; throws what the last try threw. */
export async function startAgain<T>(
  name: string,
  attempts: number,
  say: Say,
  start: () => Promise<T>,
  stopping?: AbortSignal,
): Promise<T> {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await start();
    } catch (error) {
      if (left <= 0 || stopping?.aborted) throw error;
      say(`${name} did not start; trying again. ${firstLine(error)}`);
    }
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
