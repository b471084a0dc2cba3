import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatingModel } from '../../src/domain/policy.js';
import { activitiesOf, payloadsOf } from '../support/histories.js';
import type { Journey } from '../support/journey.js';
import { compiledSpec, FALSE_COMMITMENTS, MEDIUM, standardModel } from '../support/lifecycle.js';
import { timeSkipping, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

type Environment = Awaited<ReturnType<typeof timeSkipping>>;

const DAY = 86_400_000;
/** Looks of an inconclusive step that lasts two weeks: a tenth of it apart. */
const LOOKS_A_WEEK = 5;
const EVENTS_A_LOOK = 20;

let environment: Environment;
let world: World;

beforeAll(async () => {
  environment = await timeSkipping();
  world = await World.open(environment);
});
afterAll(() => world.close());

/** The standard model whose medium rollout begins with a shadow of two weeks. */
function withShadow(): OperatingModel {
  const model = standardModel();
  const { medium } = model.rules.governed;
  const shadow = { kind: 'shadow', percent: 100, window: 14 * DAY, windows: 1 } as const;
  const steps = [{ ...shadow, accept: 'none', advance: 'automatic' } as const, ...medium.rollout.steps];
  const governed = { ...model.rules.governed, medium: { ...medium, rollout: { ...medium.rollout, steps } } };
  return { ...model, rules: { ...model.rules, governed } };
}

/** A lifecycle that shadows, with so many cases measured on its second day. */
async function shadowing(cases: number): Promise<Journey> {
  const journey = await world.begin({ key: unique('shadow'), model: withShadow(), facts: MEDIUM });
  const spec = compiledSpec('shadowed', [{ ...FALSE_COMMITMENTS, at: ['shadow'] }]);
  await journey.toReadiness(spec);
  const points = [{ after: '1d', n: cases, count: 0 }];
  const series = { release: 'r1', step: 'shadow', metric: FALSE_COMMITMENTS.metric, points };
  await world.measure(journey.key, 1, [series]);
  await journey.passReadiness();
  await journey.until('it shadows', ({ candidate }) => candidate?.phase === 'soaking');
  return journey;
}

async function sizes(journey: Journey) {
  const runs = await journey.runs();
  const events = runs.reduce((sum, { history }) => sum + (history.events?.length ?? 0), 0);
  const looks = runs
    .flatMap(({ history }) => activitiesOf(history))
    .filter((type) => type === 'sampleMetrics');
  const started = payloadsOf(runs.at(-1)?.history ?? {}).filter(({ event }) => event.startsWith('1 '));
  const carried = started.reduce((sum, { data }) => sum + data.byteLength, 0);
  return { runs: runs.length, events, looks: looks.length, carried };
}

describe('a shadow', () => {
  it('of two weeks that is measured in time is one timer', async () => {
    const journey = await shadowing(5_000);
    await environment.sleep(DAY);
    const before = await sizes(journey);
    await environment.sleep(12 * DAY);
    expect(await sizes(journey)).toEqual(before);
    await environment.sleep(DAY);
    const next = await journey.until('the canary is exposed', ({ candidate }) => candidate?.stepNumber === 2);
    expect(next.candidate).toMatchObject({ step: 'canary-10' });
    const after = await sizes(journey);
    process.stdout.write(`two weeks of shadow: ${after.events - before.events} events, all at their end\n`);
    expect(after.looks - before.looks).toBe(1);
  });

  it('that waits for samples over months looks seldom', async () => {
    const journey = await shadowing(99);
    await environment.sleep(28 * DAY);
    const before = await sizes(journey);
    const weeks = 12;
    await environment.sleep(weeks * 7 * DAY);
    const view = await journey.view();
    expect(view).toMatchObject({ candidate: { step: 'shadow', phase: 'soaking' }, holds: [] });
    const after = await sizes(journey);
    const looks = after.looks - before.looks;
    const events = after.events - before.events;
    process.stdout.write(
      `${weeks} weeks of a shadow without samples: ${looks} looks, ${events} events in ${after.runs} runs, ` +
        `${after.carried} bytes carried (${before.carried} before)\n`,
    );
    expect(looks).toBeGreaterThanOrEqual(weeks * LOOKS_A_WEEK - 2);
    expect(looks).toBeLessThanOrEqual(weeks * LOOKS_A_WEEK + 2);
    expect(events).toBeLessThanOrEqual(looks * EVENTS_A_LOOK);
    // What is carried from run to run is the state, which waiting does not change.
    expect(after.carried).toBeLessThan(256 * 1024);
  });
});
