import type { Draft } from '../lifecycle/draft.js';
import type { Allocation } from './allocation.js';
import { exposureKey, sameAllocation, wantedAllocation } from './exposure.js';

/** Asks for a new exposure, under a higher fence, whenever the state wants another than was asked for. */
export function requestExposure(draft: Draft): void {
  const { exposure } = draft.state;
  const allocation = wantedAllocation(draft.state);
  if (sameAllocation(allocation, exposure.wanted)) return;
  askExposure(draft, exposure.fence + 1, allocation);
}

/** Asks for an exposure under this fence. */
export function askExposure({ state, emit }: Draft, fence: number, allocation: Allocation): void {
  emit({ type: 'ExposureRequested', key: exposureKey(state.key, fence), fence, allocation });
}

/** The target has this exposure: it was read back. */
export function confirmExposure(
  { state, emit }: Draft,
  { fence, allocation }: { readonly fence: number; readonly allocation: Allocation },
): void {
  emit({ type: 'ExposureConfirmed', key: exposureKey(state.key, fence), fence, allocation });
}
