/** People who carry a pilot through its life over HTTP, and repeat what was answered with 503 until it went through. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pilotBody, SENDERS } from '../bench/ours/pilot.js';

const A_DAY_MS = 86_400_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

interface View {
  readonly stage: string;
  readonly version: number;
  readonly gates: readonly { readonly subject: string }[];
  readonly exposure: { readonly applied: unknown };
}

interface Answer extends View {
  readonly events: readonly string[];
}

async function call<T>(method: 'GET' | 'POST', url: string, person: string, body?: unknown): Promise<T> {
  const headers = {
    authorization: `Bearer bench-${person}`,
    'content-type': 'application/json',
    'idempotency-key': url.split('/').slice(-2).join('-'),
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

/** What was acknowledged of one lifecycle: the ids of its events, and the number of the last of them. */
export interface Acknowledged {
  readonly key: string;
  readonly events: readonly string[];
  readonly version: number;
}

/** Starts a pilot, comments, approves, extends and ends it; resolves once it is retired. */
export async function carryThrough(api: string, key: string): Promise<Acknowledged> {
  const place = `${api}/v1/lifecycles/${key}`;
  const events: string[] = [];
  const view = () => call<View>('GET', place, 'builder');
  const until = async (holds: (view: View) => boolean): Promise<View> => {
    const last = Date.now() + PATIENCE_MS;
    for (;;) {
      const shown = await view();
      if (holds(shown)) return shown;
      if (Date.now() > last) throw new Error(`${key} went no further: ${JSON.stringify(shown)}`);
      await sleep(PAUSE_MS);
    }
  };
  const send = async (command: keyof typeof SENDERS, body: unknown): Promise<void> => {
    const answer = await call<Answer>('POST', `${place}/${command}`, SENDERS[command], body);
    events.push(...answer.events);
  };
  const pilot = pilotBody(key);
  await call('POST', `${api}/v1/lifecycles`, 'builder', pilot);
  const subject = (await until(({ gates }) => gates.length > 0)).gates[0]?.subject;
  await send('comment', { gate: 'start', comment: 'while the database comes and goes' });
  await send('decide', { gate: 'start', generation: 1, subject, decision: 'approve', comment: 'go' });
  await until(({ stage, exposure }) => stage === 'live' && exposure.applied !== 'unknown');
  const endsAt = pilot.mode === 'pilot' ? Date.parse(pilot.endsAt) + A_DAY_MS : 0;
  await send('extend-pilot', { endsAt: new Date(endsAt).toISOString(), reason: 'a day more' });
  await send('end-pilot', { reason: 'seen enough' });
  const { version } = await until(
    ({ stage, exposure }) => stage === 'retired' && exposure.applied !== 'unknown',
  );
  return { key, events, version };
}
