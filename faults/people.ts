/** People who carry a pilot through its life over HTTP, and repeat what was answered with 503 until it went through. */
import { pilotBody, SENDERS } from '../bench/ours/pilot.js';
import { call, type View, viewWhen } from './calling.js';

const A_DAY_MS = 86_400_000;

interface Answer extends View {
  readonly events: readonly string[];
}

const tokenOf = (person: string) => `bench-${person}`;

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
  const until = (holds: (view: View) => boolean) => viewWhen(place, tokenOf('builder'), holds);
  const send = async (command: keyof typeof SENDERS, body: unknown): Promise<void> => {
    const answer = await call<Answer>('POST', `${place}/${command}`, tokenOf(SENDERS[command]), body);
    events.push(...answer.events);
  };
  const pilot = pilotBody(key);
  await call('POST', `${api}/v1/lifecycles`, tokenOf('builder'), pilot);
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
