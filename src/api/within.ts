import { setTimeout as sleep } from 'node:timers/promises';

/** What `asked` comes to; undefined where it fails, or takes longer than `ms`. Nobody waits for it any more then. */
export async function within<T>(ms: number, asked: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  const answer = asked.catch(() => undefined).finally(() => over.abort());
  const late = sleep(ms, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
  return Promise.race([answer, late]);
}
