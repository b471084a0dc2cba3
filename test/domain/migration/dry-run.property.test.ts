import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approversOf } from '../../../src/domain/lifecycle/approval.js';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import { decide, type Outcome, react } from '../../../src/domain/lifecycle/decide.js';
import type { Event } from '../../../src/domain/lifecycle/events.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import type { Difference } from '../../../src/domain/migration/difference.js';
import { dryRun } from '../../../src/domain/migration/dry-run.js';
import type { OperatingModel } from '../../../src/domain/policy.js';
import { taxInReview, taxLive } from '../../support/decider/acts.js';
import { Story } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { kyc, low, pilot, tax } from '../../support/decider/use-cases.js';
import { VARIANT_NAMES, variantOf } from '../../support/decider/variants.js';
import { move, newTally } from '../../support/decider/walk.js';

const START = ist('2026-09-01 10:00');

const STARTS = {
  kyc: () => new Story(kyc(), START),
  tax: () => new Story(tax(), START),
  low: () => new Story(low(), START),
  pilot: () => new Story(pilot(START), START),
  inReview: () => taxInReview(new Story(tax(), START)),
  live: () => taxLive(new Story(tax(), START)),
} as const;

const accepted = (outcome: Outcome): Extract<Outcome, { state: State }> | null =>
  'rejected' in outcome ? null : outcome;

/** What both keys do, as the engine has it done; null where somebody may not, or something stands against it. */
function migrate(story: Story, model: OperatingModel): readonly Event[] | null {
  const { state, now } = story;
  const owner = state.rights.technicalOwner;
  const governance = state.team.members.find(
    ({ person, functions }) =>
      functions.includes('governance') && person !== owner && !model.editors.includes(person),
  );
  if (owner === undefined || governance === undefined) return null;
  const first = accepted(
    decide({ name: 'accept-migration', id: 'm1', actor: story.actor(owner), payload: { model } }, state, now),
  );
  const gate = first && Object.values(first.state.gates).find(({ id }) => !(id in state.gates));
  if (!first || !gate) return null;
  const { generation, subject, id } = gate;
  const payload = { gate: id, generation, subject, decision: 'approve' } as const;
  const actor = story.actor(governance.person);
  const second = accepted(decide({ name: 'decide', id: 'm2', actor, payload }, first.state, now));
  const full = second?.state.gates[id];
  if (!second || full?.status !== 'confirming') return null;
  const asked = approversOf(full).map(({ person }) => person);
  const report = { type: 'gate-confirmed', gate: id, generation, asked, ineligible: [] } as const;
  return accepted(react(report, second.state, now))?.events ?? null;
}

const lists = (differences: readonly Difference[]) => ({
  void: differences
    .flatMap((each) => (each.kind === 'decision' ? [`${each.gate}/${each.person}`] : []))
    .sort(),
  remediations: differences
    .flatMap((each) => (each.kind === 'remediation' ? [`${each.evidence} ${each.due}`] : []))
    .sort(),
  holds: differences.flatMap((each) => (each.kind === 'hold' ? [each.effect] : [])).sort(),
});

const did = (events: readonly Event[]) => ({
  void: events
    .flatMap((each) => (each.type === 'DecisionVoided' ? [`${each.voided.gate}/${each.voided.person}`] : []))
    .sort(),
  remediations: events
    .flatMap((each) =>
      each.type === 'RemediationSet' ? [`${each.remediation.evidence} ${each.remediation.due}`] : [],
    )
    .sort(),
  holds: events.flatMap((each) => (each.type === 'HoldPlaced' ? [each.hold.effect] : [])).sort(),
});

test('a dry run lists what the migration then does, and nothing for the same rules', {
  timeout: 120_000,
}, () => {
  const seen = { states: 0, migrations: 0, voided: 0, remediations: 0 };
  const starts = fc.constantFrom(...(Object.keys(STARTS) as (keyof typeof STARTS)[]));
  const moves = fc.array(fc.nat(), { minLength: 10, maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(starts, moves, (start, seeds) => {
      const story = STARTS[start]();
      for (const seed of seeds) {
        move(story, seed, newTally());
        if (seed % 5 !== 0 || deadlines(story.state, story.now).some(({ at }) => at <= story.now)) continue;
        seen.states++;
        deepStrictEqual(dryRun(story.state, variantOf(story.state.model, 'same'), story.now), []);
        for (const name of VARIANT_NAMES.filter((_, index) => index % 3 === seed % 3)) {
          const model = variantOf(story.state.model, name);
          const listed = dryRun(story.state, model, story.now);
          deepStrictEqual(dryRun(story.state, model, story.now), listed, 'a dry run leaves nothing behind');
          for (const { message } of listed) expect(message.length).toBeGreaterThan(10);
          const events = migrate(story, model);
          if (events === null) continue;
          seen.migrations++;
          deepStrictEqual(did(events), lists(listed), name);
          seen.voided += did(events).void.length;
          seen.remediations += did(events).remediations.length;
        }
      }
    }),
    { seed: 20_261_124, numRuns: 60, endOnFailure: true },
  );
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  expect(seen.migrations).toBeGreaterThan(200);
  expect(seen.voided).toBeGreaterThan(20);
  expect(seen.remediations).toBeGreaterThan(20);
});
