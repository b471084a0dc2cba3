/** People who carry a governed use case of the lowest tier to live, and sometimes take it back again, over HTTP. */

import { MILD_FACTS } from '../bench/ours/pilot.js';
import { digestOf } from '../src/domain/digest.js';
import { call, type View, viewWhen } from './calling.js';
import { untilConfirmed } from './effects.js';
import type { Acknowledged } from './people.js';

/** That of the demo operating model, whose windows of four hours then take 144 ms. */
const TIME_SCALE = 0.00001;
/** Half of the people, all of them as a candidate, and then as what serves. */
const LAUNCHED_AT = 3;
/** A killed worker's effects are taken up after their heartbeat is missed, one after the other. */
const PATIENCE_MS = 120_000;

const AUTHOR = 'dev-hari';
const SEATS = ['dev-leena', 'dev-omkar'];
/** What becomes of it once it is live; `stays`: nothing. */
const ENDINGS = ['stays', 'stop-ship', 'roll-back'] as const;
export type Ending = (typeof ENDINGS)[number];

/** The ending of the n-th launch. */
export const endingOf = (n: number): Ending => ENDINGS[n % ENDINGS.length] ?? 'stays';

interface Places {
  readonly api: string;
  readonly metrics: string;
  /** Of the ledger's database. */
  readonly ownerUrl: string;
}

interface Answer extends View {
  /** Absent where a stop was taken as a signal: it will be, and nobody knows its events yet. */
  readonly events?: readonly string[];
}

const start = (key: string) => ({
  key,
  title: 'Minutes of team meetings',
  mode: 'governed',
  team: 'tax-filing',
  operatingModel: 'demo',
  brief: { summary: 'Drafts minutes.', value: 'Half an hour a meeting.', users: 'Twenty teams.' },
  rights: {},
  facts: MILD_FACTS,
});

const spec = (key: string) => ({
  spec: key,
  purpose: 'Draft the minutes; whoever led the meeting corrects and sends them.',
  value: { metric: 'minutes-per-meeting', baseline: 30, target: 5, by: '2027-09-30' },
  steps: [{ id: 's1', who: 'ai', does: 'draft the minutes' }],
  may: [{ id: 'y1', action: 'draft minutes' }],
  mustNot: [{ id: 'n1', action: 'send anything by itself', onAttempt: 'block' }],
  checks: [
    {
      id: 'c1',
      metric: 'wrong-name',
      op: '<=',
      value: 0.01,
      at: ['evidence', 'canary', 'live'],
      window: '4h',
      minSample: 100,
      onBreach: 'warn',
    },
  ],
  evidence: [{ id: 'e1', kind: 'eval', before: 'launch', maxAge: '90d', proves: ['c1'] }],
  fallback: { manual: 'somebody takes notes', runbook: 'RB-3', standsFor: '30d' },
  success: { product: ['value'], operations: ['c1'] },
});

/** What will be measured of it: enough cases in the middle of every window, and none of them wrong. */
const series = () => ({
  timeScale: TIME_SCALE,
  series: ['ramp-50', 'full-100', 'live'].map((step) => ({
    release: 'r1',
    step,
    metric: 'wrong-name',
    points: [{ after: '2h', n: 500, count: 0 }],
  })),
});

/**
 * Starts, specifies, registers, approves, waits for the rollout to end, and ends as told; resolves at rest. It reads what
 * its commands answer, and the ledger: where workers are killed, the SDK (1.24) may give a query events that no workflow
 * task has had, and that is another test's to catch.
 */
export async function carryLaunch(places: Places, key: string, ending: Ending): Promise<Acknowledged> {
  const { api, metrics, ownerUrl } = places;
  const events: string[] = [];
  const place = `${api}/v1/lifecycles/${key}`;
  const send = async (
    command: string,
    token: string,
    body: unknown,
    holds: (view: View) => boolean = () => true,
  ): Promise<View> => {
    const answer = await call<Answer>('POST', `${place}/${command}`, token, body);
    events.push(...(answer.events ?? []));
    // An answer that was lost and asked for again comes without what the command changed.
    return holds(answer) ? answer : viewWhen(place, token, holds);
  };
  await load(metrics, key);
  await call('POST', `${api}/v1/lifecycles`, AUTHOR, start(key));
  await send('draft-spec', AUTHOR, { spec: spec(key) });
  await send('submit-spec', AUTHOR, { version: 1 });
  const digests = { prompt: digestOf({ release: key }) };
  const registering = { digests, changedSections: [] };
  const { delivery } = await send(
    'register-release',
    AUTHOR,
    registering,
    (view) => !!view.delivery?.release,
  );
  await send('add-evidence', 'dev-ci', evidence(delivery?.release?.digest ?? ''));
  const { gates } = await send('submit-for-review', AUTHOR, {}, (view) => view.gates?.length > 0);
  const open = gates.find(({ gate }) => gate === 'launch');
  const cited = { gate: 'launch', generation: open?.generation, subject: open?.subject };
  for (const seat of SEATS) await send('decide', seat, { ...cited, decision: 'approve' });
  await atRest(ownerUrl, key, LAUNCHED_AT);
  if (ending !== 'stays') {
    const body = ending === 'stop-ship' ? { scope: 'serving', reason: 'a drill' } : { reason: 'a drill' };
    await send(ending, 'dev-omkar', body);
    await atRest(ownerUrl, key, LAUNCHED_AT + 1);
  }
  const version = Math.max(0, ...events.map((id) => Number(id.split('/').at(-1))));
  return { key, events, version };
}

async function load(metrics: string, key: string): Promise<void> {
  const loaded = await fetch(`${metrics}/series/${key}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(series()),
  });
  if (!loaded.ok) throw new Error(`the metric source does not take the series: ${await loaded.text()}`);
}

const evidence = (release: string) => ({
  kind: 'eval',
  mediaType: 'application/json',
  collectedAt: new Date().toISOString(),
  about: [release],
  content: { dataset: '1,000 meetings' },
  results: { 'wrong-name': { value: 0.001, n: 1_000 } },
});

/** Until the ledger says that the exposure of this fence was read back. */
async function atRest(ownerUrl: string, lifecycle: string, fence: number): Promise<void> {
  const effectKey = `${lifecycle}/exposure/${fence}`;
  await untilConfirmed(ownerUrl, { lifecycle, effectKey }, PATIENCE_MS);
}
