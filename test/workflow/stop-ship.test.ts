import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifecycleId } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { failureOf, type Journey } from '../support/journey.js';
import { digest, MEDIUM, standardModel } from '../support/lifecycle.js';
import { timeSkipping, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

type Environment = Awaited<ReturnType<typeof timeSkipping>>;

const DAY = 86_400_000;
let environment: Environment;
let world: World;

beforeAll(async () => {
  environment = await timeSkipping();
  world = await World.open(environment);
});
afterAll(() => world.close());

const begin = () => world.begin({ key: unique('stop'), model: standardModel(), facts: MEDIUM });
const stopShip = (journey: Journey) =>
  journey.send('stop-ship', 'tara', { scope: 'candidate', reason: digest('stop') });

/**
 * Until everything is in the ledger and its workflow task over. A clock that jumps in the middle of one fires a timer that
 * the task is about to cancel, which this server refuses the whole task for, and then nothing goes on; a real one does not.
 */
async function untilQuiet(journey: Journey): Promise<void> {
  const handle = environment.client.workflow.getHandle(lifecycleId(journey.key));
  const length = async () => (await handle.describe()).historyLength;
  await eventually('nothing moves any more', async () => {
    const before = await length();
    await pause(300);
    return (await length()) === before;
  });
}

/** Whatever was under way: days later nothing is exposed, the hold stands, and no step was taken. */
async function expectStopped(journey: Journey): Promise<void> {
  await journey.until(
    'what was asked of the target is there',
    ({ exposure }) => exposure.applied !== 'unknown',
  );
  await untilQuiet(journey);
  await environment.sleep(5 * DAY);
  const view = await journey.view();
  expect(view.holds.map(({ source }) => source)).toContain('stop-ship');
  expect(view.exposure.applied).toMatchObject({ candidate: null, serving: null });
  expect(view.serving).toBeNull();
  expect((await world.applied(journey.key)).at(-1)?.allocation.candidate ?? null).toBeNull();
}

describe('stop-ship racing the last approval of a gate', () => {
  async function oneApprovalBefore(): Promise<Journey> {
    const journey = await begin();
    await journey.toReadiness();
    await journey.decide('leena', 'readiness');
    return journey;
  }

  it('first: the approval is refused and told what it lost to', async () => {
    const journey = await oneApprovalBefore();
    const answer = await journey.answer('readiness');
    await stopShip(journey);
    const failure = await journey.refused('decide', 'gita', answer);
    expect(failure.type).toBe('held');
    expect(failure.message).toMatch(/hold h1 \(stop-ship/);
    expect((await journey.view()).stage).toBe('review');
    await expectStopped(journey);
    expect(await world.applied(journey.key)).toEqual([]);
  });

  it('second: the approval counts, and still nothing is exposed', async () => {
    const journey = await oneApprovalBefore();
    const people = await world.withoutPeople();
    const { view } = await journey.decide('gita', 'readiness');
    expect(view.gates[0]?.status).toBe('confirming');
    await stopShip(journey);
    await people.back();
    await expectStopped(journey);
    const { stage, gates } = await journey.view();
    expect(stage).toBe('review');
    expect(gates[0]).toMatchObject({ paused: true, seats: [{ filledBy: 'leena' }, { filledBy: 'gita' }] });
    expect(await world.applied(journey.key)).toEqual([]);
  });

  it('at the same moment: one order for both, and the loser is told', async () => {
    for (let round = 0; round < 4; round++) {
      const journey = await oneApprovalBefore();
      const answer = await journey.answer('readiness');
      // The gate stays confirming, so that the race is between the two and nothing else.
      const people = await world.withoutPeople();
      const approve = () =>
        journey.send('decide', 'gita', answer).then(
          () => 'approved',
          (error: unknown) => failureOf(error).type,
        );
      const stop = () => stopShip(journey).then(() => 'stopped');
      const outcomes = await Promise.all(round % 2 === 0 ? [approve(), stop()] : [stop(), approve()]);
      await people.back();
      const [outcome] = outcomes.filter((one) => one !== 'stopped');
      expect(['approved', 'held']).toContain(outcome);
      const types = (await journey.recorded()).map(({ type }) => type);
      const approvals = types.flatMap((type, index) => (type === 'DecisionRecorded' ? [index] : []));
      // Two at specification, leena here, and gita only where she was first.
      expect(approvals).toHaveLength(outcome === 'approved' ? 4 : 3);
      expect((approvals[3] ?? -1) < types.indexOf('StopShipped')).toBe(true);
      await expectStopped(journey);
    }
  });
});

describe('stop-ship during a canary', () => {
  it('takes the candidate to zero at once, and no soak that ends later takes it further', async () => {
    const journey = await begin();
    await journey.toReadiness();
    await journey.passReadiness();
    const soaking = await journey.until(
      'the canary soaks',
      ({ candidate }) => candidate?.phase === 'soaking',
    );
    expect(soaking.candidate).toMatchObject({ step: 'canary-10', stepNumber: 1 });
    expect((await world.applied(journey.key)).at(-1)?.allocation.candidate?.percent).toBe(10);

    const { view } = await stopShip(journey);
    expect(view.exposure.wanted).toMatchObject({ candidate: null, serving: null });
    expect(view.candidate?.phase).toBe('rolled-back');
    const zero = await eventually('the target stands at zero', async () => {
      const last = (await world.applied(journey.key)).at(-1);
      return last?.allocation.candidate === null && last;
    });
    expect(zero?.fence).toBe(view.exposure.fence);
    await expectStopped(journey);
    const applied = await world.applied(journey.key);
    expect(applied.map(({ allocation }) => allocation.candidate?.percent ?? 0)).toEqual([10, 0]);
    expect((await journey.refused('advance', 'hari', {})).type).toBe('wrong-stage');
  });

  it('joins a rollback that is under way instead of ordering a second one', async () => {
    const journey = await begin();
    await journey.toReadiness();
    await journey.passReadiness();
    await journey.until('the canary soaks', ({ candidate }) => candidate?.phase === 'soaking');
    await journey.send('roll-back', 'omkar', { reason: digest('back') });
    await stopShip(journey);
    await expectStopped(journey);
    const applied = await world.applied(journey.key);
    expect(applied.map(({ allocation }) => allocation.candidate?.percent ?? 0)).toEqual([10, 0]);
    const types = (await journey.recorded()).map(({ type }) => type);
    expect(types.filter((type) => type === 'RolledBack')).toHaveLength(1);
  });
});
