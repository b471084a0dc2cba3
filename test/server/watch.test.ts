import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIFECYCLE_WORKFLOW, lifecycleId, TASK_QUEUES } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import {
  compiledSpec,
  demoModel,
  FALSE_COMMITMENTS,
  hours,
  MEDIUM,
  withGateTimes,
} from '../support/lifecycle.js';
import { liveCarry } from '../support/live-carry.js';
import { liveSeries } from '../support/live-series.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open(await devServer());
});
afterAll(() => world.close());

/** Rollouts as quick as in a demonstration: looked at every second, and silent after two. */
const model = (() => {
  const quick = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
  const { medium } = quick.rules.governed;
  const silent = { ...medium, silence: { after: 2_000 / quick.timeScale, effect: 'review-all' as const } };
  return { ...quick, rules: { ...quick.rules, governed: { ...quick.rules.governed, medium: silent } } };
})();

const LIVE = { ...FALSE_COMMITMENTS, at: ['live'], window: '10d', every: '30h' };

/** What is measured from now on. */
const measuring = (journey: Journey, count: number) =>
  world.measure(journey.key, model.timeScale, liveSeries(count));

/** A release that serves, measured to be well. */
async function live(name: string, changes: object = {}): Promise<Journey> {
  const journey = await world.begin({ key: unique(name), model, facts: MEDIUM, calendar: 'always' });
  await measuring(journey, 0);
  await journey.toReadiness(compiledSpec(name, [{ ...LIVE, ...changes }]));
  await journey.passReadiness();
  await journey.until('it waits to be accepted', ({ candidate }) => candidate?.phase === 'accepting');
  await journey.send('accept-exposure', 'omkar', {});
  await journey.until(
    'it is watched',
    ({ stage, watched, exposure }) =>
      stage === 'live' && exposure.applied !== 'unknown' && watched.length === 1,
  );
  return journey;
}

/** The attempt that the watching activity is at. */
async function attempts(journey: Journey): Promise<number> {
  const { raw } = await journey.handle.describe();
  const watch = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'watchRelease');
  return watch?.attempt ?? 0;
}

const looks = (journey: Journey, n: number) =>
  eventually(`${n} looks`, async () => (await attempts(journey)) >= n, 60_000);

async function events(journey: Journey): Promise<number> {
  return (await journey.runs()).reduce((sum, { history }) => sum + (history.events?.length ?? 0), 0);
}

describe('the guard', () => {
  it('costs no history while all is well, and survives its worker', async () => {
    const journey = await live('healthy');
    // By then everything that going live has brought is drained and shown.
    await looks(journey, 6);
    const before = await events(journey);
    await looks(journey, 9);
    await world.stopWorkers();
    await world.startWorkers();
    await looks(journey, 12);
    expect(await events(journey)).toBe(before);
  });

  it('counts on across a lost worker, and does what a breached clause says', async () => {
    const journey = await live('breached', { failAfter: 5, onBreach: 'strengthen' });
    await measuring(journey, 500);
    await looks(journey, 2);
    await world.stopWorkers();
    await world.startWorkers();
    const view = await journey.until('it is reviewed', ({ holds }) => holds.length > 0, 60_000);
    expect(view.holds).toMatchObject([{ source: 'verification', effect: 'review-all', by: null }]);
    expect(view.watched).toMatchObject([{ label: 'r1', breaches: [{ clause: 'c1', alert: null }] }]);
    const recorded = await journey.recorded();
    const [breach] = recorded.filter(({ type }) => type === 'BreachObserved');
    expect(breach?.data).toMatchObject({ clause: 'c1', value: 0.5, action: 'strengthen' });

    await measuring(journey, 0);
    const well = await journey.until(
      'it recovers',
      ({ watched }) => watched[0]?.breaches.length === 0,
      60_000,
    );
    expect(well.holds).toHaveLength(1);
  });

  it('sees that nothing is measured any more, and that something is again', async () => {
    const journey = await live('silent');
    await world.measure(journey.key, model.timeScale, []);
    const silent = await journey.until(
      'it is silent',
      ({ watched }) => watched[0]?.silentSince !== null,
      60_000,
    );
    expect(silent.holds).toMatchObject([{ source: 'silence', effect: 'review-all' }]);
    await measuring(journey, 0);
    await journey.until('it is measured again', ({ watched }) => watched[0]?.silentSince === null, 60_000);
  });

  it('hears an alert once, whatever it measures itself', async () => {
    const journey = await live('alerted', { onBreach: 'hold' });
    const alert = { clause: 'c1', status: 'firing', startsAt: Date.now(), alert: 'a1', value: 0.01 } as const;
    await journey.send('report-breach', 'ci', alert);
    const before = await journey.view();
    expect(before.holds).toHaveLength(1);
    for (let time = 0; time < 4; time++) {
      expect((await journey.refused('report-breach', 'ci', alert)).type).toBe('unchanged');
    }
    expect((await journey.view()).holds).toEqual(before.holds);
    expect((await journey.recorded()).filter(({ type }) => type === 'BreachObserved')).toHaveLength(1);
  });
});

/** In which a month passes for these guards. */
const MONTH_MS = 15_000;

it('a month of health costs a guard less than 50 events', async () => {
  const timeScale = MONTH_MS / (30 * 86_400_000);
  const keys = ['a', 'b', 'c'].map((name) => unique(`month-${name}`));
  for (const key of keys) {
    const metric = FALSE_COMMITMENTS.metric;
    const points = [{ after: '1h', n: 1_000, count: 0 }];
    await world.measure(key, timeScale, [{ release: 'r1', step: 'live', metric, repeats: '6h', points }]);
    await world.client.workflow.start(LIFECYCLE_WORKFLOW, {
      workflowId: lifecycleId(key),
      taskQueue: TASK_QUEUES.workflows,
      args: [await liveCarry(key, demoModel(), timeScale, '2d')],
    });
  }
  await sleep(MONTH_MS);
  for (const key of keys) {
    const { raw, historyLength } = await world.client.workflow.getHandle(lifecycleId(key)).describe();
    const [watch] = raw.pendingActivities ?? [];
    expect(watch?.attempt).toBeGreaterThan(8);
    expect(historyLength).toBeLessThan(50);
    await world.client.workflow.getHandle(lifecycleId(key)).terminate('watched for a month');
  }
});
