import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import fc from 'fast-check';
import { test } from 'vitest';
import { work } from '../../../src/domain/lifecycle/work.js';
import { Story } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { BY_COMMAND, kyc, kycComplete, low, pilot, tax } from '../../support/decider/use-cases.js';
import { finish } from '../../support/decider/finish.js';
import { move } from '../../support/decider/walk.js';
const START = ist('2026-09-01 10:00');
const STARTS = { kyc: () => kyc(), kycComplete: () => kycComplete(), tax: () => tax(), low: () => low(), pilot: () => pilot(START), byCommand: () => tax({ model: BY_COMMAND }) } as const;
type S = keyof typeof STARTS;
const fresh = () => ({ attempted: 0, accepted: 0, stages: new Set<string>(), commands: new Set<string>(), events: new Set<string>() });
function run(start: S, seeds: number[], log: boolean) {
  const story = new Story(STARTS[start](), START);
  const tally = fresh();
  let n = 0;
  try { for (const seed of seeds) { n = story.events.length; move(story, seed, tally); if (log) for (const e of story.events.slice(n)) console.log(new Date(story.now).toISOString(), JSON.stringify(e).slice(0, 200)); } n = story.events.length; if (process.env.FINISH) finish(story); }
  catch (e) { if (log) { for (const e of story.events.slice(n)) console.log(new Date(story.now).toISOString(), JSON.stringify(e).slice(0, 900));
    console.log('STATE', JSON.stringify({ ...story.state, model: 0, team: 0, pilot: 0 }).slice(0, 9000)); console.log('WORK', JSON.stringify(work(story.state)).slice(0,800)); } throw e; }
  return tally;
}
test('debug', { timeout: 600000 }, () => {
  let failing: [S, number[]] | null = null;
  const total = fresh();
  const started = Date.now();
  const runs = Number(process.env.RUNS ?? 300);
  try {
    fc.assert(fc.property(fc.constantFrom(...(Object.keys(STARTS) as S[])), fc.array(fc.nat(), { minLength: 60, maxLength: Number(process.env.MAX ?? 200), size: 'max' }), (start, seeds) => {
      try { const t = run(start, seeds, false); total.accepted += t.accepted; total.attempted += t.attempted; t.stages.forEach((s) => total.stages.add(s)); t.events.forEach((s) => total.events.add(s)); t.commands.forEach((s) => total.commands.add(s)); } catch (e) { failing = [start, seeds]; throw e; }
    }), { seed: Number(process.env.SEED ?? 20260901), numRuns: runs, endOnFailure: true });
  } catch (e) {
    if (!failing) throw e;
    const [start, seeds] = failing as [S, number[]];
    const fails = (s: number[]) => { try { run(start, s, false); return false; } catch { return true; } };
    let cut = seeds;
    // drop chunks
    for (let size = Math.ceil(cut.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let i = 0; i < cut.length; ) { const less = [...cut.slice(0, i), ...cut.slice(i + size)]; if (fails(less)) cut = less; else i += size; if (Date.now() - started > 120000) break; }
      if (size === 0) break;
    }
    console.log('CASE', JSON.stringify([start, cut]));
    run(start, cut, true);
  }
  console.log('missing commands', COMMAND_NAMES.filter((c) => !total.commands.has(c)).join());
  console.log('events', [...total.events].sort().join());
  console.log(total.accepted, total.attempted, [...total.stages].join(), total.events.size, total.commands.size, 'ms', Date.now() - started);
});
