import type { Digest } from '../digest.js';
import type { StepKind } from '../policy.js';
import type { GateName, Instant, PersonId } from '../vocabulary.js';
import type { Control } from './control.js';

/** A policy exception: time-boxed permission to pass an unmet control. */
export interface PolicyException {
  readonly id: string;
  readonly control: Control;
  /** The gate or rollout step at which the control is passed. */
  readonly place: GateName | StepKind;
  /** The delivery that it was granted for, and no other. */
  readonly delivery: number;
  /** The release that went live with it; null until then. */
  readonly serves: Digest | null;
  readonly by: readonly PersonId[];
  readonly reason: Digest;
  readonly at: Instant;
  readonly until: Instant;
}

/** Bounds the state. */
export const MAX_EXCEPTIONS = 20;

/** Whether one of them passes a control of this delivery now. */
export function isExcepted(
  exceptions: readonly PolicyException[],
  delivery: number | null,
  control: Control | null,
  now: Instant,
): boolean {
  return exceptions.some((one) => one.control === control && one.delivery === delivery && now < one.until);
}
