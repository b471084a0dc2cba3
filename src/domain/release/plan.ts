import type { RolloutStep } from '../policy.js';
import type { Rollout } from './rollout.js';

/** The step whose exposure is wanted now: the last one taken. A pending step is not taken yet. */
export function currentStep(rollout: Rollout): RolloutStep | null {
  switch (rollout.phase.name) {
    case 'rolled-back':
      return null;
    case 'pending':
      return rollout.steps[rollout.step - 1] ?? null;
    case 'exposing':
    case 'soaking':
    case 'verifying':
    case 'accepting':
      return rollout.steps[rollout.step] ?? null;
  }
}

/** How metric series and people call a step: `shadow`, `canary-25`, `full-100`. */
export function stepName(step: RolloutStep): string {
  return step.kind === 'shadow' ? 'shadow' : `${step.kind}-${step.percent}`;
}
