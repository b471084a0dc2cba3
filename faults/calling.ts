import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/** What a lifecycle shows of itself, as far as the people of fault suites look at it. */
export interface View {
  readonly stage: string;
  readonly version: number;
  readonly gates: readonly { readonly gate: string; readonly generation: number; readonly subject: string }[];
  readonly delivery: { readonly release: { readonly digest: string } | null } | null;
  readonly exposure: { readonly fence: number; readonly applied: unknown };
}

/**
 * Calls the API as the person of a token, and repeats what was answered with 503 until it went through: a command by
 * the same idempotency key, `once`. Throws with any other answer, and after a minute.
 */
export async function call<T>(
  method: 'GET' | 'POST',
  url: string,
  token: string,
  body?: unknown,
  once = url.split('/').slice(-2).join('-'),
): Promise<T> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': once,
  };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(url, { method, headers, ...content });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    if (response.status !== 503 || Date.now() > until)
      throw new Error(`${url} answered ${response.status}: ${text}`);
    await sleep(PAUSE_MS);
  }
}

/** The first view of a lifecycle at this address of which it holds; throws with the last one after a minute. */
export async function viewWhen(place: string, token: string, holds: (view: View) => boolean): Promise<View> {
  const last = Date.now() + PATIENCE_MS;
  for (;;) {
    const shown = await call<View>('GET', place, token);
    if (holds(shown)) return shown;
    if (Date.now() > last) throw new Error(`${place} went no further: ${JSON.stringify(shown)}`);
    await sleep(PAUSE_MS);
  }
}
