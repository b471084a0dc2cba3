import { describe, expect, it } from 'vitest';
import type { LifecycleGateway } from '../../src/api/lifecycle-gateway.js';
import { Problem, rejected } from '../../src/api/problem.js';
import type { AlertResult } from '../../src/contracts/alerts.js';
import { parseEnvelope } from '../../src/contracts/envelope.js';
import type { Json } from '../../src/domain/json.js';
import { viewOf } from '../../src/domain/lifecycle/view-of.js';
import { held, taxLive } from '../support/decider/acts.js';
import { given, type Story } from '../support/decider/story.js';
import { tax } from '../support/decider/use-cases.js';
import { MemoryLedger } from './memory-ledger.js';
import { runningApi } from './running-api.js';

const HOOK = '/v1/alerts/alertmanager';
const KEY = 'tax-payments';
/** A lifecycle of a team that the machine is not in. */
const OTHERS = 'others-use-case';

/** The engine with one live lifecycle, which keeps what it is told. */
function engineOf(story: Story) {
  let down: boolean | string = false;
  const find = (key: string): Story => {
    if (key === KEY) return story;
    throw new Problem('not-found', `there is no lifecycle ${key}; check the key`);
  };
  const gateway: LifecycleGateway = {
    start: async () => ({ started: true }),
    knows: async (key) => key === KEY || key === OTHERS,
    view: async (key, actor) => viewOf(find(key).state, actor, story.now),
    route: async () => {
      throw new Error('nobody asks for a route');
    },
    team: async (key) => (key === OTHERS ? 'others' : find(key).state.team.id),
    ready: async () => undefined,
    signal: async () => undefined,
    async command(key, name, envelope) {
      const about = 'alert' in envelope.payload ? envelope.payload.alert : null;
      if (down === true || down === about) throw new Problem('temporal-unavailable', 'it is away; try again');
      const parsed = parseEnvelope(name, JSON.parse(JSON.stringify(envelope)));
      if (!parsed.ok)
        throw new TypeError(`the workflow could not read it: ${JSON.stringify(parsed.problems)}`);
      find(key).attempt(name, parsed.envelope.payload as never, parsed.envelope.actor.person);
      if (story.rejection) throw rejected(story.rejection);
      const events = story.last.map(({ type }) => type);
      story.perform();
      return { events, replayed: false, view: viewOf(story.state, envelope.actor, story.now) };
    },
  };
  /** Of every command, or of those about one alert. */
  const fail = (now: boolean | string): void => {
    down = now;
  };
  return { gateway, fail };
}

async function watching() {
  const story = taxLive(given(tax(), '2026-11-16 10:00'));
  const ledger = new MemoryLedger();
  const { gateway, fail } = engineOf(story);
  const api = await runningApi({ gateway, ledger });
  const send = async (alerts: readonly Json[], as = 'ci') => {
    const answer = await api.post(HOOK, { version: '4', groupKey: 'g', status: 'firing', alerts }, { as });
    const { results = [] } = answer.body as unknown as { results?: readonly AlertResult[] };
    return { ...answer, results };
  };
  const refusals = () =>
    [null, KEY, OTHERS].flatMap((key) => ledger.chain(key)).filter(({ kind }) => kind === 'refusal');
  return { story, api, send, fail, refusals };
}

/** What Alertmanager says of c2, with what it adds by itself. */
function alert(labels: Record<string, string> = {}, changes: Record<string, Json> = {}): Json {
  return {
    status: 'firing',
    labels: {
      alertname: 'AirworthyBreach',
      severity: 'roll-back',
      airworthy_lifecycle: KEY,
      airworthy_clause: 'c2',
      airworthy_release: 'r1',
      ...labels,
    },
    annotations: { airworthy_value: '0.91', summary: 'tone is 0.91' },
    startsAt: '2026-11-20T09:00:00.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/graph',
    fingerprint: '4f2a9c1d77e0b3a5',
    ...changes,
  };
}

describe('an alert of Alertmanager', () => {
  it('is taken like a finding of the guard', async () => {
    const { story, send } = await watching();
    const { status, results } = await send([alert()]);
    expect(status).toBe(200);
    expect(results).toEqual([
      { alert: '4f2a9c1d77e0b3a5', lifecycle: KEY, clause: 'c2', result: 'taken', code: null, message: null },
    ]);
    expect(story.events.find(({ type }) => type === 'BreachObserved')).toMatchObject({
      clause: 'c2',
      value: 0.91,
      alert: '4f2a9c1d77e0b3a5',
      since: Date.parse('2026-11-20T09:00:00.123Z'),
      action: 'roll-back',
    });
    expect(held(story)).toEqual(['rollback:forward']);
  });

  it('that says nothing new changes nothing, and is no refusal', async () => {
    const { story, send, refusals } = await watching();
    const resolved = alert({}, { status: 'resolved' });
    for (let time = 0; time < 5; time++) {
      const { results } = await send([resolved]);
      expect(results).toMatchObject([{ result: 'unchanged', code: null }]);
    }
    expect(held(story)).toEqual([]);
    expect(refusals()).toEqual([]);
  });

  it('without a number is taken all the same', async () => {
    const { story, send } = await watching();
    await send([alert({}, { annotations: { airworthy_value: 'no value' } })]);
    expect(story.events.find(({ type }) => type === 'BreachObserved')).toMatchObject({ value: null });
  });

  it('about silence is noted: the guard acts on it by itself', async () => {
    const { story, send } = await watching();
    const { airworthy_clause: _clause, ...labels } = (alert() as { labels: Record<string, string> }).labels;
    const silent = { ...(alert() as object), labels: { ...labels, airworthy_silent_clause: 'c2' } };
    expect((await send([silent as Json])).results).toMatchObject([{ result: 'noted', clause: null }]);
    expect(held(story)).toEqual([]);
  });
});

describe('what can never be taken', () => {
  it.each<[string, Json, string, string | null]>([
    ['an unknown lifecycle', alert({ airworthy_lifecycle: 'nobodys' }), 'not-found', null],
    ['an unknown clause', alert({ airworthy_clause: 'c9' }), 'not-found', KEY],
    ['a release that nobody is exposed to', alert({ airworthy_release: 'r7' }), 'wrong-stage', KEY],
    ['no lifecycle at all', alert({ airworthy_lifecycle: '' }), 'invalid-body', null],
    ['no clause', alert({ airworthy_clause: '../c2' }), 'invalid-body', KEY],
    ['no time', alert({}, { startsAt: 'lately' }), 'invalid-body', null],
    ['no alert', 'fire!', 'invalid-body', null],
  ])('%s: refused, recorded once, said, and not sent for ever', async (_what, refused, code, lifecycle) => {
    const { story, send, refusals } = await watching();
    const { status, results } = await send([refused]);
    expect(status).toBe(200);
    expect(results).toMatchObject([{ result: 'refused', code }]);
    expect(results[0]?.message?.length).toBeGreaterThan(10);
    expect((await send([refused, alert()])).results).toMatchObject([{ code }, { result: 'taken' }]);
    expect(refusals()).toMatchObject([{ type: code, lifecycle, by: 'ci', command: 'report-breach' }]);
    expect(held(story)).toEqual(['rollback:forward']);
  });

  it('another team’s lifecycle is answered as none, and recorded as what it was', async () => {
    const { story, send, refusals } = await watching();
    const { results } = await send([alert({ airworthy_lifecycle: OTHERS })]);
    expect(results).toMatchObject([
      { result: 'refused', code: 'not-found', message: `there is no lifecycle ${OTHERS}; check the key` },
    ]);
    expect(refusals()).toMatchObject([{ type: 'not-permitted', lifecycle: OTHERS }]);
    expect(held(story)).toEqual([]);
  });
});

it('what cannot be taken now is worth another try', async () => {
  const { story, send, fail, refusals } = await watching();
  fail(true);
  expect((await send([alert()])).status).toBe(503);
  expect(refusals()).toEqual([]);
  fail(false);
  expect((await send([alert()])).results).toMatchObject([{ result: 'taken' }]);
  expect(held(story)).toEqual(['rollback:forward']);
});

it('one that cannot be taken now holds up none of the others', async () => {
  const { story, send, fail } = await watching();
  const both = [alert({}, { fingerprint: 'stuck' }), alert()];
  fail('stuck');
  expect((await send(both)).status).toBe(503);
  expect(story.all('BreachObserved')).toMatchObject([{ alert: '4f2a9c1d77e0b3a5' }]);
});

it('is for machines, and for version 4', async () => {
  const { api, send } = await watching();
  expect((await send([alert()], 'hari')).problem).toMatchObject({ code: 'not-permitted' });
  expect((await api.post(HOOK, { version: '3', alerts: [] }, { as: 'ci' })).problem.code).toBe(
    'invalid-body',
  );
});

it('the command itself answers what is known with 200 and no event', async () => {
  const { api } = await watching();
  const body = {
    clause: 'c2',
    status: 'resolved',
    startsAt: '2026-11-20T09:00:00Z',
    alert: 'a1',
    value: null,
  };
  const { status, body: answer } = await api.post(`/v1/lifecycles/${KEY}/report-breach`, body, { as: 'ci' });
  expect(status).toBe(200);
  expect(answer).toMatchObject({ events: [], replayed: true, lifecycle: { key: KEY } });
});
