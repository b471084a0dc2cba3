import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { kindOf } from '../support/histories.js';
import { failureOf, type Journey } from '../support/journey.js';
import { demoModel, digest, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { WorkerProcess } from '../support/worker-process.js';
import { type Fault, World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open(await devServer());
});
afterAll(() => world.close());
afterEach(() => world.clearFaults());

const STOP = { scope: 'candidate', reason: digest('stop') } as const;
/** Rollouts as quick as in a demonstration, with gates that no clock ends. */
const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });

/** A lifecycle whose first effect has met the fault at the target, and is still under way. */
async function underWay(fault: Pick<Fault, 'kind' | 'ms'>): Promise<Journey> {
  const journey = await world.begin({ key: unique(fault.kind), model, facts: MEDIUM, calendar: 'always' });
  await journey.toReadiness();
  await world.faultAtTarget({ ...fault, lifecycle: journey.key, times: 1 });
  const before = (await world.fired())[fault.kind] ?? 0;
  await journey.passReadiness();
  await eventually(
    `the target is told to ${fault.kind}`,
    async () => ((await world.fired())[fault.kind] ?? 0) > before,
  );
  return journey;
}

const zeroAt = (journey: Journey) =>
  journey.until(
    'exposure is read back as zero',
    ({ exposure }) => exposure.applied !== 'unknown' && exposure.applied.candidate === null,
  );

/** What the ledger says of exposures, in its order. */
async function exposures(journey: Journey): Promise<string[]> {
  const entries = await journey.recorded();
  return entries
    .filter(({ type }) => /^(Exposure(Requested|Confirmed)|StopShipped)$/.test(type))
    .map(({ type, data }) => `${type} ${(data as { fence?: number }).fence ?? ''}`.trim());
}

const STOPPED = ['ExposureRequested 1', 'StopShipped', 'ExposureRequested 2', 'ExposureConfirmed 2'];

describe('stop-ship while an effect is under way', () => {
  it('does not wait for a slow target, and the fence keeps what comes late from undoing it', async () => {
    const ms = 5_000;
    const journey = await underWay({ kind: 'slow', ms });
    const begun = Date.now();
    const { view } = await journey.send('stop-ship', 'tara', STOP);
    expect(view.exposure).toMatchObject({ fence: 2, wanted: { candidate: null }, applied: 'unknown' });
    await zeroAt(journey);
    expect(Date.now() - begun).toBeLessThan(ms - 1_000);
    // The slow request reaches its end at the target, behind the one that stopped it.
    await sleep(begun + ms + 500 - Date.now());
    const applied = await world.applied(journey.key);
    expect(applied.map(({ fence, allocation }) => [fence, allocation.candidate])).toEqual([[2, null]]);
    expect(await exposures(journey)).toEqual(STOPPED);
  });

  it('does not wait for a target that never answers', async () => {
    const journey = await underWay({ kind: 'hang' });
    await journey.send('stop-ship', 'tara', STOP);
    await zeroAt(journey);
    expect((await world.applied(journey.key)).map(({ fence }) => fence)).toEqual([2]);
    expect(await exposures(journey)).toEqual(STOPPED);
  });

  it('is durable without a worker, and is obeyed before the effect counts that was under way', async () => {
    await world.stopWorkers();
    const worker = await WorkerProcess.start(world, inject('devServerAddress'));
    try {
      const journey = await underWay({ kind: 'slow', ms: 2_000 });
      worker.pause();
      await journey.signal('stop-ship', 'tara', STOP);
      // The target, which nobody told, now does what it was asked before.
      await eventually(
        'the effect has happened',
        async () => (await world.applied(journey.key)).length === 1,
      );
      const [run] = await journey.runs();
      const kinds = run?.history.events?.map(kindOf) ?? [];
      // The server has it; nobody has worked on it.
      const signalled = kinds.lastIndexOf('workflowExecutionSignaledEventAttributes');
      expect(signalled).toBeGreaterThan(kinds.lastIndexOf('workflowTaskCompletedEventAttributes'));

      worker.resume();
      const stopped = await zeroAt(journey);
      expect(stopped.holds.map(({ source }) => source)).toEqual(['stop-ship']);
      const applied = await world.applied(journey.key);
      expect(applied.map(({ fence, allocation }) => [fence, allocation.candidate?.percent ?? 0])).toEqual([
        [1, 10],
        [2, 0],
      ]);
      expect(await exposures(journey)).toEqual(STOPPED);
    } finally {
      await worker.end();
      await world.startWorkers();
    }
  });
});

describe('stop-ship racing the last approval of a gate', () => {
  it('is never lost: whatever was first, exposure is zero in the end, at the target too', async () => {
    for (let round = 0; round < 4; round++) {
      const journey = await world.begin({ key: unique('race'), model, facts: MEDIUM, calendar: 'always' });
      await journey.toReadiness();
      await journey.decide('leena', 'readiness');
      const answer = await journey.answer('readiness');
      const approve = async () => {
        const refused = await journey.send('decide', 'gita', answer).then(() => undefined, failureOf);
        expect(refused?.type ?? 'held').toBe('held');
      };
      const stop = async () => {
        await sleep(round * 10);
        await journey.send('stop-ship', 'tara', STOP);
      };
      await Promise.all([approve(), stop()]);
      await sleep(500);
      const { holds } = await zeroAt(journey);
      expect(holds.map(({ source }) => source)).toEqual(['stop-ship']);
      const applied = await world.applied(journey.key);
      expect(applied.at(-1)?.allocation.candidate ?? null).toBeNull();
      expect(applied.map(({ fence }) => fence)).toEqual(
        applied.map(({ fence }) => fence).sort((a, b) => a - b),
      );
    }
  });
});

describe('an effect whose reply is lost', () => {
  it('is asked for again by its key and happens once', async () => {
    const journey = await underWay({ kind: 'drop-reply' });
    await journey.until('the last step has passed', ({ candidate }) => candidate?.phase === 'accepting');
    const applied = await world.applied(journey.key);
    expect(applied.map(({ allocation }) => allocation.candidate?.percent)).toEqual([10, 50, 100]);
    expect(new Set(applied.map(({ effectKey }) => effectKey)).size).toBe(3);
  });
});

describe('a worker that is killed during an effect', () => {
  it('is followed by another that carries the effect out once', async () => {
    await world.stopWorkers();
    const killed = await WorkerProcess.start(world, inject('devServerAddress'));
    const reached = underWay({ kind: 'slow', ms: 1_000 });
    await Promise.allSettled([reached]);
    await killed.end('SIGKILL');
    const journey = await reached;
    await world.startWorkers();
    await journey.until('the last step has passed', ({ candidate }) => candidate?.phase === 'accepting');
    const applied = await world.applied(journey.key);
    expect(applied.map(({ fence, allocation }) => [fence, allocation.candidate?.percent])).toEqual([
      [1, 10],
      [2, 50],
      [3, 100],
    ]);
    const entries = await journey.recorded();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  });
});
