/**
 * The journeys whose histories are kept: each is gone through on a real server by `npm run record-histories`. What
 * they do may change, and then they are recorded again; what was recorded for a release stays.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../src/domain/lifecycle/state.js';
import type { CompiledSpec } from '../../src/domain/spec/spec.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import {
  compiledSpec,
  demoModel,
  digest,
  FALSE_COMMITMENTS,
  hours,
  MEDIUM,
  seconds,
  withGateTimes,
} from '../support/lifecycle.js';
import { liveSeries } from '../support/live-series.js';
import { unique } from '../support/temporal.js';
import type { World } from '../support/world.js';

/** Goes through it to where its history is taken; one history per run is kept, under these names. */
export interface Recorded {
  readonly names: readonly string[];
  readonly go: (world: World) => Promise<Journey>;
}

const unhurried = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
const hurried = withGateTimes(demoModel(), { sla: seconds(2), every: seconds(1), reminders: [50, 80] });

function begin(world: World, name: string, model = unhurried, engine: Engine = 2): Promise<Journey> {
  return world.begin({ key: unique(name), model, facts: MEDIUM, calendar: 'always', engine });
}

async function launch(world: World): Promise<Journey> {
  return toLive(await begin(world, 'launch'));
}

async function toLive(journey: Journey, spec?: CompiledSpec): Promise<Journey> {
  await journey.toReadiness(spec);
  await journey.passReadiness();
  await journey.until('the last step has passed', ({ candidate }) => candidate?.phase === 'accepting');
  await journey.send('accept-exposure', 'omkar', {});
  await journey.until('live', ({ serving, exposure }) => serving !== null && exposure.applied !== 'unknown');
  return journey;
}

async function escalation(world: World): Promise<Journey> {
  const journey = await begin(world, 'escalation', hurried);
  await journey.submitSpec();
  await journey.decide('leena', 'specification');
  const { holds } = await journey.until('held', (view) => view.holds.length > 0);
  await journey.send('lift-hold', 'farah', { hold: holds[0]?.hold ?? '' });
  return journey;
}

/** The canary fails by its numbers; a stop-ship comes by signal on top of it. */
async function rollback(world: World, engine: Engine = 2): Promise<Journey> {
  const journey = await begin(world, 'rollback', unhurried, engine);
  const failing = { release: 'r1', step: 'canary-10', metric: FALSE_COMMITMENTS.metric };
  const series = [{ ...failing, points: [{ after: '12h', n: 9_200, count: 37 }] }];
  await world.measure(journey.key, unhurried.timeScale, series);
  await journey.toReadiness(compiledSpec('measured', [FALSE_COMMITMENTS]));
  await journey.passReadiness();
  await journey.until('rolled back', ({ candidate }) => candidate?.phase === 'rolled-back');
  await journey.signal('stop-ship', 'tara', { scope: 'serving', reason: digest('stop') });
  await journey.until(
    'exposure is zero',
    ({ exposure, holds }) => holds.length === 2 && exposure.applied !== 'unknown',
  );
  return journey;
}

/** Pokes until the next run, with a gate open and events on their way to the ledger. */
async function continueAsNew(world: World): Promise<Journey> {
  const journey = await begin(world, 'rolled-over');
  await journey.submitSpec();
  await journey.decide('leena', 'specification');
  await eventually(
    'the next run',
    async () => {
      if ((await journey.runs()).length > 1) return true;
      await Promise.all(Array.from({ length: 8 }, () => journey.handle.signal('poke', {})));
      return false;
    },
    120_000,
  );
  await journey.decide('gita', 'specification');
  await journey.until('the gate passes', ({ stage }) => stage === 'implementation');
  return journey;
}

/** Under engine 1 a gate that has its quorum is reminded of; then the lifecycle goes over to engine 2. */
async function engine1(world: World): Promise<Journey> {
  const model = withGateTimes(demoModel(), { sla: seconds(4), every: seconds(60), reminders: [50] });
  const journey = await begin(world, 'engine-1', model, 1);
  await journey.submitSpec();
  const people = await world.withoutPeople();
  await journey.decide('leena', 'specification');
  await journey.decide('gita', 'specification');
  await eventually('the reminder', async () =>
    (await world.journal(journey.key)).some(({ type }) => type === 'ReminderSent'),
  );
  await people.back();
  await journey.until('the gate passes', ({ stage }) => stage === 'implementation');
  await journey.handle.signal('poke', { engine: 2 });
  await eventually('the next run', async () => (await journey.runs()).length > 1);
  await journey.registerRelease('release', compiledSpec().digest);
  return journey;
}

/** Under engine 3 what is live is watched: it breaches a clause, recovers, and is stopped. */
async function watched(world: World): Promise<Journey> {
  const journey = await begin(world, 'watched', unhurried, 3);
  const measuring = (count: number) => world.measure(journey.key, unhurried.timeScale, liveSeries(count));
  await measuring(0);
  const clause = { ...FALSE_COMMITMENTS, at: ['live'], window: '10d', every: '30h', onBreach: 'strengthen' };
  await toLive(journey, compiledSpec('watched', [clause]));
  await measuring(500);
  await journey.until('it is breached', (view) => view.watched[0]?.breaches.length === 1);
  await measuring(0);
  await journey.until('it recovers', (view) => view.watched[0]?.breaches.length === 0);
  await journey.signal('stop-ship', 'tara', { scope: 'serving', reason: digest('stop') });
  await journey.until('nobody is watched', (view) => view.watched.length === 0);
  return journey;
}

export const JOURNEYS: readonly Recorded[] = [
  { names: ['launch'], go: launch },
  { names: ['escalation'], go: escalation },
  { names: ['rollback'], go: (world) => rollback(world) },
  { names: ['engine-3-watched'], go: watched },
  { names: ['engine-3-rollback'], go: (world) => rollback(world, 3) },
  { names: ['continue-as-new-before', 'continue-as-new-after'], go: continueAsNew },
  { names: ['engine-1', 'engine-1-poked'], go: engine1 },
];

/** Recorded while nothing is under way, so that a history ends with what it shows. */
export async function settled(journey: Journey): Promise<void> {
  await journey.recorded();
  await sleep(500);
}
