import type { LifecycleGateway } from '../../../src/api/lifecycle-gateway.js';
import { Problem, rejected } from '../../../src/api/problem.js';
import { parseEnvelope } from '../../../src/contracts/envelope.js';
import { decide } from '../../../src/domain/lifecycle/decide.js';
import { route } from '../../../src/domain/lifecycle/route.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { STAGES, type Stage } from '../../../src/domain/vocabulary.js';
import { ALL_WELL, approve, specify, taxInCanary, taxInReview } from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';
import { RIGHTS_HELD, TEAM } from './roles.js';

const START = '2026-11-16 10:00';

const begun = (stage: Stage, missing: readonly string[] = []): Story =>
  given(
    tax({
      key: keyOf(stage),
      team: TEAM,
      rights: RIGHTS_HELD,
      brief: { digest: text('brief'), missing: [...missing] },
    }),
    START,
  );

/** A governed lifecycle of tier medium in each stage, carried there by its people under the domain's own rules. */
const STORIES: { readonly [S in Stage]: () => Story } = {
  scoping: () => begun('scoping', ['sponsor']),
  specification: () => begun('specification'),
  implementation: () =>
    approve(specify(begun('implementation'), taxSpec(), 'hari'), 'specification', 'leena', 'gita'),
  review: () => taxInReview(begun('review')),
  release: () => taxInCanary(begun('release')),
  live: () => {
    const story = taxInCanary(begun('live'));
    story.world.metrics = ALL_WELL;
    return story
      .after(3 * DAY)
      .when('accept-exposure', {}, 'operating-owner')
      .thenAccepted();
  },
  retired: () =>
    begun('retired')
      .when('cancel', { reason: text('why') }, 'business-owner')
      .thenAccepted(),
};

export const keyOf = (stage: Stage): string => `staged-${stage}`;

/**
 * The engine with those lifecycles: it answers for each as the workflow would, by decider and view, and forgets what
 * was decided, so that every question meets the same state.
 */
export function stagedLifecycles() {
  const stories = new Map(STAGES.map((stage) => [keyOf(stage), STORIES[stage]()]));
  for (const stage of STAGES) {
    const { state } = stories.get(keyOf(stage)) ?? { state: { stage: 'none' } };
    if (state.stage !== stage) throw new Error(`the lifecycle for ${stage} is in ${state.stage}`);
  }
  const find = (key: string): Story => {
    const story = stories.get(key);
    if (story === undefined) throw new Problem('not-found', `there is no lifecycle ${key}; check the key`);
    return story;
  };
  const gateway: LifecycleGateway = {
    start: async () => ({ started: true }),
    knows: async (key) => stories.has(key),
    async view(key, actor) {
      // One that was just started: nothing works for it here.
      if (!stories.has(key)) throw new Problem('view-unavailable', 'no answer in time');
      return viewOf(find(key).state, actor, find(key).now);
    },
    route: async (key) => route(find(key).state, find(key).now, []),
    team: async (key) => find(key).state.team.id,
    ready: async () => undefined,
    signal: async () => undefined,
    async command(key, name, envelope) {
      const { state, now } = find(key);
      const parsed = parseEnvelope(name, JSON.parse(JSON.stringify(envelope)));
      if (!parsed.ok)
        throw new TypeError(`the workflow could not read it: ${JSON.stringify(parsed.problems)}`);
      const { id, actor, payload } = parsed.envelope;
      const outcome = decide({ name, id, actor, payload } as never, state, now);
      if ('rejected' in outcome) throw rejected(outcome);
      const { refused: _refused, ...view } = viewOf(outcome.state, actor, now);
      return { events: [], replayed: false, view };
    },
  };
  return { gateway, stories };
}
