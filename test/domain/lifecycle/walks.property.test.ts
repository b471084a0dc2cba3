import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import type { StartInput } from '../../../src/domain/lifecycle/start-input.js';
import { approve, openTaxChange, specify, taxInReview, taxLive } from '../../support/decider/acts.js';
import { checkFold } from '../../support/decider/check-fold.js';
import { finish } from '../../support/decider/finish.js';
import { EVERY_STAGE } from '../../support/decider/random-payloads.js';
import { Story } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { BY_COMMAND, kyc, kycComplete, low, pilot, tax, taxSpec } from '../../support/decider/use-cases.js';
import { move, newTally, shortened } from '../../support/decider/walk.js';

const START = ist('2026-09-01 10:00');

const started = (start: StartInput) => () => new Story(start, START);

/** A rollout that waits for its command: by chance alone few walks come so far. */
function released(): Story {
  const story = new Story(tax({ model: BY_COMMAND }), START);
  approve(taxInReview(story), 'readiness', 'leena', 'gita');
  return story;
}

/** Something is being built: for a launch, whose evidence is still missing, and for a change. */
function building(): Story {
  const story = new Story(tax(), START);
  return approve(specify(story, taxSpec(), 'hari'), 'specification', 'leena', 'gita');
}
const changing = () => openTaxChange(taxLive(new Story(tax(), START)), 'r2', ['prompt.waivers']);

const STARTS = {
  building,
  changing,
  kyc: started(kyc()),
  kycComplete: started(kycComplete()),
  tax: started(tax()),
  low: started(low()),
  pilot: started(pilot(START)),
  byCommand: started(tax({ model: BY_COMMAND })),
  released,
  live: () => taxLive(new Story(tax(), START)),
} as const;
type Start = keyof typeof STARTS;

const SEED = 20_260_901;
const RUNS = 250;

/** Some moves at random, and then a team that helps. */
function walk(start: Start, seeds: readonly number[], tally = newTally()): void {
  const story = STARTS[start]();
  for (const seed of seeds) {
    if (story.state.stage === 'retired' && seed % 4 !== 0) continue;
    move(story, seed, tally);
  }
  finish(story);
  checkFold(story);
}

test('random walks by random people keep every invariant, and people who do what is asked bring any of them to an end', {
  timeout: 300_000,
}, () => {
  const tally = newTally();
  const starts = fc.constantFrom(...(Object.keys(STARTS) as Start[]));
  const moves = fc.array(fc.nat(), { minLength: 60, maxLength: 200, size: 'max' });
  const property = fc.property(starts, moves, (start, seeds) => {
    try {
      walk(start, seeds, tally);
    } catch (cause) {
      const short = shortened(seeds, (fewer) => walk(start, fewer));
      throw new Error(`a walk failed; walk('${start}', [${short.join(', ')}]) repeats it`, { cause });
    }
  });
  fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  const { accepted, attempted, commands, events, stages } = tally;
  process.stdout.write(
    `seed ${SEED}: ${accepted} of ${attempted} commands accepted, of ${commands.size} kinds, ${events.size} kinds of events\n`,
  );
  expect(accepted / attempted).toBeGreaterThanOrEqual(0.3);
  expect([...commands].sort()).toEqual([...COMMAND_NAMES].sort());
  expect([...stages].sort()).toEqual([...EVERY_STAGE].sort());
});
