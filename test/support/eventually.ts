import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again until there is an answer other than undefined, false or a throw. For what happens soon but nobody can
 * say when: limits are generous, because a busy machine is slow and a passing test never waits for them.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 30_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  let last: unknown = 'nothing';
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`not within ${withinMs} ms: ${what}`, { cause: last });
    await sleep(50);
  }
}
