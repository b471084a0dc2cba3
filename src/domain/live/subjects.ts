import { deliveryOf } from '../lifecycle/delivery.js';
import type { Candidate, State } from '../lifecycle/state.js';
import { currentStep, stepName } from '../release/plan.js';
import type { CompiledSpec } from '../spec/spec.js';
import type { Watched } from './watch.js';

/** A release that people are exposed to, with the spec that it answers to. */
export interface Subject {
  readonly what: 'serving' | 'candidate';
  readonly release: Candidate;
  readonly spec: CompiledSpec;
  readonly watched: Watched;
  /** How metric series call where it stands. */
  readonly step: string;
  /** Its rollout judges it now: nobody else measures the same meanwhile. */
  readonly verifying: boolean;
}

/** Everything that people are exposed to: what serves, and a candidate that is more than a shadow. */
export function subjects(state: State): Subject[] {
  const known = (release: Candidate) =>
    state.watch.exposed.find((watched) => watched.release === release.digest);
  const found: Subject[] = [];
  const { serving } = state;
  const served = serving && known(serving.release);
  if (serving && served) {
    const { release, spec } = serving;
    found.push({
      what: 'serving',
      release,
      spec: spec.spec,
      watched: served,
      step: 'live',
      verifying: false,
    });
  }
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return found;
  const { release, spec, rollout } = delivery;
  const step = currentStep(rollout);
  const exposed = known(release);
  if (!exposed || !step || step.kind === 'shadow' || release.digest === serving?.release.digest) return found;
  const { name } = rollout.phase;
  const verifying = name === 'exposing' || name === 'soaking' || name === 'verifying';
  return [
    ...found,
    { what: 'candidate', release, spec: spec.spec, watched: exposed, step: stepName(step), verifying },
  ];
}
