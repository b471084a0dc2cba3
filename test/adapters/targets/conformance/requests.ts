import { digestOf } from '../../../../src/domain/digest.js';
import type { Allocation } from '../../../../src/domain/release/allocation.js';
import type { AllocationRequest } from '../../../../src/ports/release-target.js';

/** The releases that the cases speak of: a target that has to know its releases knows these. */
export const RELEASES = { r0: digestOf('r0'), r1: digestOf('r1'), r2: digestOf('r2') };
/** And these lifecycles. */
export const LIFECYCLES = ['kyc', 'tax', 'tax/ä'] as const;

/** A candidate at some percent, beside nothing. */
export function exposed(percent: number): Allocation {
  const candidate = { release: RELEASES.r1, percent, shadow: false };
  return { candidate, serving: null, cohort: null, review: 'normal' };
}

/** Exposure zero, as after a stop-ship. */
export const withdrawn: Allocation = { candidate: null, serving: null, cohort: null, review: 'normal' };

/** A request for one step of a lifecycle. */
export function request(
  lifecycle: string,
  fence: number,
  allocation: number | Allocation,
): AllocationRequest {
  return {
    effectKey: `${lifecycle}/step-${fence}/1`,
    fence,
    lifecycle,
    allocation: typeof allocation === 'number' ? exposed(allocation) : allocation,
  };
}

export const noSignal = (): AbortSignal => new AbortController().signal;
