import { describe, expect, test } from 'vitest';
import { effectiveTier } from '../../../src/domain/lifecycle/rules.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import type { Verify } from '../../../src/domain/lifecycle/work.js';
import { type SpecReading, specOverview } from '../../../src/domain/spec/overview.js';
import type { CompiledSpec } from '../../../src/domain/spec/spec.js';
import { ALL_WELL, kycInShadow, taxInCanary, taxInReview } from '../../support/decider/acts.js';
import { given, type Story } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import {
  KYC,
  kycComplete,
  kycSpec,
  modelWith,
  pilot,
  tax,
  taxSpec,
} from '../../support/decider/use-cases.js';

const NOW = '2026-08-03 10:00';
const readingOf = ({ mode, tier, facts, model }: State): SpecReading => ({
  mode,
  tier: effectiveTier(tier),
  facts,
  model,
});
const overview = (story: Story, spec: CompiledSpec) => specOverview(spec, readingOf(story.state));

/** The gates that were opened on the way, each with what was signed there and by whom. */
function opened(story: Story) {
  return new Map(
    story.events.flatMap((event) => {
      if (event.type !== 'GateOpened') return [];
      const { name, parts, seats } = event.gate;
      return [[name, { subject: Object.keys(parts).sort(), seats: seats.map(({ id }) => id) }] as const];
    }),
  );
}

describe('the gates of an overview', () => {
  const asShown = (story: Story, spec: CompiledSpec) =>
    new Map(
      overview(story, spec).gates.map(({ gate, subject, seats }) => [
        gate,
        { subject: [...subject].sort(), seats: seats.map(({ id }) => id) },
      ]),
    );

  test.each([
    ['a high use case', () => kycInShadow(given(kycComplete(), NOW)), KYC],
    ['a medium use case', () => taxInReview(given(tax(), NOW)), taxSpec()],
  ])('are those that really open for %s', (_which, carried, spec) => {
    const story = carried();
    const shown = asShown(story, spec);
    for (const [name, gate] of opened(story)) expect(shown.get(name), name).toEqual(gate);
  });

  test('are those of a pilot too', () => {
    const now = ist(NOW);
    const story = given(pilot(now), now);
    const light = story.state.pilot?.spec.spec;
    if (!light) throw new Error('a pilot has a spec');
    expect(opened(story).get('start')).toEqual(asShown(story, light).get('start'));
    expect([...asShown(story, light).keys()]).toEqual(['start', 'change', 'promotion']);
  });

  test('have the seats that a spec adds, except where there is no spec yet', () => {
    const checkpoints = [
      { before: 'readiness', function: 'risk', count: 2 },
      { before: 'scoping', function: 'risk', count: 2 },
    ] as const;
    const story = given(kycComplete(), NOW);
    const plain = new Map(overview(story, KYC).gates.map(({ gate, seats }) => [gate, seats.length]));
    const added = overview(story, kycSpec({ checkpoints: [...checkpoints] })).gates;
    expect(added.map(({ gate, seats }) => [gate, seats.length - (plain.get(gate) ?? 0)])).toEqual([
      ['scoping', 0],
      ['specification', 0],
      ['readiness', 2],
      ['change', 0],
    ]);
  });
});

describe('the checks of an overview', () => {
  /** What was asked of the metric source, step by step. */
  function asked(story: Story) {
    const questions: Verify[] = [];
    story.world.metrics = (verify) => {
      questions.push(verify);
      return ALL_WELL(verify);
    };
    return questions;
  }

  test('are those that each step is really judged by', () => {
    const story = given(tax(), NOW);
    const questions = asked(story);
    taxInCanary(story).after(40 * DAY);
    const metricsOf = new Map(
      questions.map(({ step, metrics }) => [step, metrics.map(({ metric }) => metric)]),
    );
    const judged = overview(story, taxSpec()).rollout.filter(({ checks }) => checks.length > 0);
    expect(new Map(judged.map(({ step, checks }) => [step, checks.map(({ metric }) => metric)]))).toEqual(
      metricsOf,
    );
    expect(metricsOf.size).toBeGreaterThan(1);
  });

  test('say the minimum that verdicts are held to, and what a breach does', () => {
    const story = given(kycComplete(), NOW);
    const { rollout, live } = overview(story, KYC);
    expect(rollout[0]).toMatchObject({ step: 'shadow', judgedAs: 'shadow', window: 14 * DAY });
    expect(rollout[0]?.checks).toMatchObject([
      { clause: 'c2', window: null, minimum: 20_000, failAfter: 2, onBreach: 'roll-back' },
      { clause: 'c3', window: null, onBreach: 'warn' },
    ]);
    expect(live).toMatchObject([
      { clause: 'c2', limit: 0.0005, window: 3 * DAY, minimum: 2_000, onBreach: 'roll-back' },
      { clause: 'c3', limit: 0.15, window: DAY, onBreach: 'warn' },
    ]);
  });

  test('pass as fast as the model lets time pass', () => {
    const story = given(kycComplete(), NOW);
    const hurried = { ...readingOf(story.state), model: { ...story.state.model, timeScale: 0.001 } };
    const { rollout, live } = specOverview(KYC, hurried);
    expect([rollout[0]?.window, live[0]?.window]).toEqual([(14 * DAY) / 1_000, (3 * DAY) / 1_000]);
  });
});

describe('the rest of an overview', () => {
  test('is the evidence of model and spec, with what each is judged by', () => {
    const { evidence } = overview(given(kycComplete(), NOW), KYC);
    const lines = evidence.map(({ kind, clause, proves, judgedBy }) =>
      [kind, clause ?? 'model', proves.join(','), judgedBy.join(',')].join(' '),
    );
    expect(lines).toEqual([
      'eval model c1,c2,c4 c1,c2,c4',
      'vendor-review model  ',
      'red-team model n1 ',
      'privacy model  ',
      'shadow model c2,c3 c2',
      'eval e1 c1,c2,c4 c1,c2,c4',
      'red-team e2 n1 ',
      'privacy e3  ',
      'shadow e4 c2,c3 c2',
    ]);
  });

  test('is queues with what the model says where the spec does not', () => {
    const queues = [{ id: 'doubtful', owner: 'meera', minutesPerItem: 6, hoursPerDay: 64 }];
    const story = given(kycComplete(), NOW);
    const { sla } = story.state.model.rules.governed.high.queue;
    expect(overview(story, kycSpec({ queues })).queues).toMatchObject([{ id: 'doubtful', sla }]);
    expect(overview(story, KYC).queues).toMatchObject([{ sla: '4bh', default: 'manual' }]);
  });

  test('is next to nothing for what is prohibited', () => {
    const reading = { ...readingOf(given(kycComplete(), NOW).state), tier: 'prohibited' as const };
    expect(specOverview(KYC, reading)).toMatchObject({
      gates: [],
      rollout: [],
      live: [],
      queues: [],
      load: KYC.load,
    });
  });

  test('changes with the rules it is read by', () => {
    const story = given(kycComplete(), NOW);
    const stricter = modelWith(({ rules }) => {
      rules.governed.high.minSample = { shadow: 20, exposed: 2 };
    });
    const read = specOverview(KYC, { ...readingOf(story.state), model: stricter });
    expect(read.live[0]?.minimum).toBe(4_000);
  });
});
