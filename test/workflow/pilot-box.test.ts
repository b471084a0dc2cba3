import { afterAll, beforeAll, expect, it } from 'vitest';
import { sleepUntil } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import { standardModel } from '../support/lifecycle.js';
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

it('a pilot serves within its caps until its box ends, and then nobody until somebody decides', async () => {
  const endsAt = (await environment.currentTimeMs()) + 20 * DAY;
  const pilot = await world.begin({ key: unique('pilot'), model: standardModel(), pilotEndsAt: endsAt });
  await pilot.decide('leena', 'start');
  const live = await pilot.until('it serves', ({ serving }) => serving !== null);
  expect(live).toMatchObject({ stage: 'live', serving: { percent: 10 }, pilot: { endsAt } });
  const serving = await eventually('the target serves the cohort', async () => {
    const last = (await world.applied(pilot.key)).at(-1);
    return last?.allocation.serving !== null && last;
  });
  expect(serving?.allocation).toMatchObject({ serving: { percent: 10 }, cohort: { people: 20 } });

  await sleepUntil(environment, endsAt - DAY);
  expect((await pilot.view()).holds).toEqual([]);

  await sleepUntil(environment, endsAt + DAY);
  const held = await pilot.until('exposure is zero', ({ exposure }) => exposure.applied !== 'unknown');
  expect(held.holds).toMatchObject([{ source: 'box', effect: 'stopped', scope: 'serving', by: null }]);
  expect(held.exposure.applied).toMatchObject({ candidate: null, serving: null });
  const applied = await world.applied(pilot.key);
  expect(applied.at(-1)?.allocation).toMatchObject({ candidate: null, serving: null, cohort: null });
  expect(applied.map(({ fence }) => fence)).toEqual(applied.map((_, index) => index + 1));
  const placed = (await pilot.recorded()).find(({ type }) => type === 'HoldPlaced');
  expect(placed?.at).toBeGreaterThanOrEqual(endsAt);
  expect(placed?.at).toBeLessThan(endsAt + 60_000);

  // Never prolonged silently: a month later it still stands still.
  await sleepUntil(environment, endsAt + 30 * DAY);
  expect((await pilot.view()).exposure).toEqual(held.exposure);
  expect((await world.applied(pilot.key)).length).toBe(applied.length);
});
