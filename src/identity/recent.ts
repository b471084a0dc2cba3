const FRESH_MS = 1_000;
/** How long an answer stands in for one that cannot be had. */
const STALE_MS = 60_000;
const MOST = 5_000;

/**
 * Asks by key, and keeps each answer for a second. Where asking fails, an answer of the last minute is given instead;
 * without one it throws what asking threw.
 */
export function createRecent<T>(
  ask: (key: string) => Promise<T>,
  now: () => number = Date.now,
): (key: string) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly answer: T }>();
  const asking = new Map<string, Promise<T>>();

  const refresh = async (key: string): Promise<T> => {
    const at = now();
    try {
      const answer = await ask(key);
      if (kept.size >= MOST) kept.clear();
      kept.set(key, { at, answer });
      return answer;
    } catch (error) {
      const last = kept.get(key);
      if (last !== undefined && at - last.at < STALE_MS) return last.answer;
      throw error;
    } finally {
      asking.delete(key);
    }
  };

  return (key) => {
    const known = kept.get(key);
    if (known !== undefined && now() - known.at < FRESH_MS) return Promise.resolve(known.answer);
    const asked = asking.get(key) ?? refresh(key);
    asking.set(key, asked);
    return asked;
  };
}
