import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVERY_STAGE } from '../../support/decider/random-payloads.js';
import { Story } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { BY_COMMAND, kyc, kycComplete, low, pilot, tax } from '../../support/decider/use-cases.js';
import { move, type Tally } from '../../support/decider/walk.js';

const START = ist('2026-09-01 10:00');

const STARTS = {
  kyc: () => kyc(),
  kycComplete: () => kycComplete(),
  tax: () => tax(),
  low: () => low(),
  pilot: () => pilot(START),
  byCommand: () => tax({ model: BY_COMMAND }),
} as const;

const SEED = 20_260_901;
const RUNS = 300;

test('random walks by random people keep every invariant', { timeout: 120_000 }, () => {
  const tally: Tally = {
    attempted: 0,
    accepted: 0,
    stages: new Set(),
    commands: new Set(),
    events: new Set(),
  };
  const starts = fc.constantFrom(...(Object.keys(STARTS) as (keyof typeof STARTS)[]));
  const moves = fc.array(fc.nat(), { minLength: 60, maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(starts, moves, (start, seeds) => {
      const story = new Story(STARTS[start](), START);
      for (const seed of seeds) {
        if (story.state.stage === 'retired' && seed % 4 !== 0) continue;
        move(story, seed, tally);
      }
    }),
    { seed: SEED, numRuns: RUNS },
  );
  const share = tally.accepted / tally.attempted;
  process.stdout.write(
    `seed ${SEED}: ${tally.accepted} of ${tally.attempted} commands accepted, ${tally.commands.size} kinds, ${tally.events.size} kinds of events\n${[...tally.stages].join()}\n`,
  );
  expect(share).toBeGreaterThanOrEqual(0.3);
  expect([...tally.stages].sort()).toEqual([...EVERY_STAGE].sort());
});
