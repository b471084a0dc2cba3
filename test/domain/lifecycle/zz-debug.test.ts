import { test } from 'vitest';
import { react } from '../../../src/domain/lifecycle/decide.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import { Story } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { kyc, kycComplete, low, pilot, tax } from '../../support/decider/use-cases.js';
import { move } from '../../support/decider/walk.js';
const START = ist('2026-09-01 10:00');
const STARTS = { kyc: () => kyc(), kycComplete: () => kycComplete(), tax: () => tax(), low: () => low(), pilot: () => pilot(START) } as const;
test('debug', () => {
  const [start, seeds] = JSON.parse(process.env.CASE ?? '') as [keyof typeof STARTS, number[]];
  const story = new Story(STARTS[start](), START);
  const tally = { attempted: 0, accepted: 0, stages: new Set<string>(), commands: new Set<string>(), events: new Set<string>() };
  try {
    for (const seed of seeds) { const n = story.events.length; move(story, seed, tally); const s=JSON.stringify(story.events.slice(n)); if (s !== '[]') console.log(new Date(story.now).toISOString(), s.slice(0,2500)); }
  } catch (e) {
    console.log('LAST', JSON.stringify(story.events.slice(-6)).slice(0, 5000));
    const w = work(story.state)[0]; if (w?.kind === 'confirm-gate') console.log('REACT', JSON.stringify(react({ type: 'gate-confirmed', gate: w.gate, generation: w.generation, ineligible: [], asked: w.approvers.map((a) => a.person) }, story.state, story.now)).slice(0, 1500));
    console.log('WORK', JSON.stringify(work(story.state)).slice(0, 1500), [...story.world.unfit]);
    console.log('STATE', JSON.stringify({ ...story.state, model: 0, team: 0 }).slice(0, 6000));
    throw e;
  }
});
