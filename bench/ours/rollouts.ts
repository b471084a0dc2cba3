import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { startDocument } from '../../src/domain/lifecycle/start-input.js';
import type { OperatingModel, RolloutStep } from '../../src/domain/policy.js';
import { inCheckout } from '../../src/main/checkout.js';
import type { Directory } from '../../src/ports/directory.js';
import { LIFECYCLE_WORKFLOW, lifecycleId, TASK_QUEUES } from '../../src/workflows/messages.js';
import { Journey } from '../../test/support/journey.js';
import { actorOf, compiledSpec, digest, MEDIUM, startInput } from '../../test/support/lifecycle.js';
import { documents } from './start.js';

const A_FORTNIGHT_MS = 14 * 86_400_000;
const REASON = digest('for the benchmark');

type Plan = readonly Pick<RolloutStep, 'kind' | 'percent' | 'window' | 'advance'>[];

const SHADOW: Plan = [{ kind: 'shadow', percent: 100, window: A_FORTNIGHT_MS, advance: 'automatic' }];
const CANARY: Plan = [{ kind: 'canary', percent: 10, window: A_FORTNIGHT_MS, advance: 'automatic' }];
/** Nothing is waited for but a person's word, so that a promotion begins when it is asked for. */
const BY_WORD: Plan = [
  { kind: 'canary', percent: 10, window: 0, advance: 'automatic' },
  { kind: 'full', percent: 100, window: 0, advance: 'by-command' },
];

/** The standard model, round the clock, with this plan for its medium tier. */
function planned(model: OperatingModel, plan: Plan): OperatingModel {
  const { medium } = model.rules.governed;
  const steps = plan.map((step) => ({ ...step, windows: step.window > 0 ? 1 : 0, accept: 'none' as const }));
  const governed = { ...model.rules.governed, medium: { ...medium, rollout: { ...medium.rollout, steps } } };
  return { ...model, rules: { ...model.rules, governed } };
}

/** What a stop-ship interrupts: a lifecycle that has come so far, and what is under way when it is pulled. */
export interface Situation {
  readonly name: string;
  readonly scope: 'candidate' | 'serving';
  /** Carries a lifecycle there; the target has shown everything. */
  reach(rollouts: Rollouts): Promise<Journey>;
  /** Begins the effect that is under way, where there is one. */
  readonly begin?: (journey: Journey) => Promise<unknown>;
}

const percent = (n: number) => (journey: Journey) =>
  journey.until(`the target shows ${n} %`, ({ exposure: { applied } }) => {
    return applied !== 'unknown' && applied.candidate?.percent === n;
  });

export const SITUATIONS: readonly Situation[] = [
  { name: 'shadow', scope: 'candidate', reach: (rollouts) => rollouts.exposed(SHADOW, 100) },
  { name: 'canary', scope: 'candidate', reach: (rollouts) => rollouts.exposed(CANARY, 10) },
  {
    name: 'hold',
    scope: 'candidate',
    async reach(rollouts) {
      const journey = await rollouts.exposed(CANARY, 10);
      await journey.send('hold', 'omkar', { effect: 'review-all', scope: 'serving', reason: REASON });
      await journey.until('the target shows the hold', ({ exposure: { applied } }) => {
        return applied !== 'unknown' && applied.review === 'all';
      });
      return journey;
    },
  },
  {
    name: 'promotion',
    scope: 'candidate',
    reach: (rollouts) => rollouts.exposed(BY_WORD, 10),
    begin: (journey) => journey.send('advance', 'omkar', {}),
  },
  {
    name: 'rollback',
    scope: 'serving',
    reach: (rollouts) => rollouts.besideServing(),
    begin: (journey) => journey.send('roll-back', 'omkar', { reason: REASON }),
  },
];

/** Carries lifecycles of the second example's team to where they can be stopped. */
export class Rollouts {
  readonly #client: Client;
  readonly #directory: Directory;
  readonly #model: OperatingModel;

  private constructor(client: Client, directory: Directory, model: OperatingModel) {
    this.#client = client;
    this.#directory = directory;
    this.#model = model;
  }

  /** Under the standard model as it ships. */
  static async open(client: Client, directory: Directory): Promise<Rollouts> {
    const { models } = await createModelFolder(inCheckout('operating-models')).all();
    const standard = models.find(({ model }) => model.name === 'standard');
    if (standard === undefined) throw new Error('the checkout has no standard operating model');
    return new Rollouts(client, directory, standard.model);
  }

  /** A launch whose target shows the first step of its plan. */
  async exposed(plan: Plan, share: number): Promise<Journey> {
    const journey = await this.#begin(plan);
    await journey.toReadiness();
    await journey.passReadiness();
    await percent(share)(journey);
    return journey;
  }

  /** The canary of a change, beside the release that serves. */
  async besideServing(): Promise<Journey> {
    const journey = await this.exposed(BY_WORD, 10);
    await journey.send('advance', 'omkar', {});
    await journey.until('it serves', ({ serving, exposure }) => !!serving && exposure.applied !== 'unknown');
    const change = { kind: 'prompt', changedSections: [], reason: REASON } as const;
    await journey.send('open-change', 'leena', change);
    await journey.registerRelease('another release', compiledSpec().digest);
    await journey.send('submit-for-review', 'hari', {});
    await journey.passReadiness();
    await percent(10)(journey);
    return journey;
  }

  async #begin(plan: Plan): Promise<Journey> {
    const key = `bench-${randomUUID()}`;
    const model = planned(this.#model, plan);
    const start = await startInput(this.#directory, { key, model, facts: MEDIUM, calendar: 'always' });
    const recorded = startDocument(start);
    await Promise.all([recorded.document, recorded.model].map((document) => documents.put(document)));
    const handle = await this.#client.workflow.start(LIFECYCLE_WORKFLOW, {
      workflowId: lifecycleId(key),
      taskQueue: TASK_QUEUES.workflows,
      args: [{ start, trust: 'dev', link: `http://127.0.0.1/v1/lifecycles/${key}` }],
    });
    const around = {
      client: this.#client,
      now: async () => Date.now(),
      actor: (person: string) => actorOf(this.#directory, person),
      journal: async () => [],
    };
    return new Journey(around, key, handle.firstExecutionRunId);
  }
}
