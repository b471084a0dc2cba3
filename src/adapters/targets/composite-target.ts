import { sameAllocation } from '../../domain/release/exposure.js';
import {
  type AllocationRequest,
  type AppliedAllocation,
  EffectRefused,
  type ReleaseTarget,
  StaleFence,
  type TargetHealth,
  TargetUnavailable,
} from '../../ports/release-target.js';

/** A target under the name that the targets file gives it. */
export interface NamedTarget {
  readonly id: string;
  readonly target: ReleaseTarget;
}

/**
 * Several targets as one. What raises exposure is applied in their order and ends at the first that does not take it;
 * what takes a candidate back goes to all at once, so that one which hangs keeps nothing exposed at the others. Every
 * target has the same key and fence, so repeating the whole is as safe as repeating each.
 */
export function createCompositeTarget(targets: readonly NamedTarget[]): ReleaseTarget {
  const [only] = targets;
  if (only && targets.length === 1) return only.target;
  return {
    async apply(request, signal) {
      if (request.allocation.candidate === null) return withdraw(targets, request, signal);
      for (const { id, target } of targets) await target.apply(request, signal).catch(named(id));
    },

    async read(lifecycle, signal) {
      const shown = await Promise.all(
        targets.map(({ id, target }) => target.read(lifecycle, signal).catch(named(id))),
      );
      const [first] = shown;
      if (!shown.every((each) => same(each, first)))
        throw new TargetUnavailable(`the targets of ${lifecycle} differ: ${inWords(targets, shown)}`);
      return first && { ...first, appliedAt: Math.max(...shown.map((each) => each?.appliedAt ?? 0)) };
    },

    async health(lifecycle, signal): Promise<TargetHealth> {
      const all = await Promise.all(targets.map(({ target }) => target.health(lifecycle, signal)));
      return {
        ok: all.every(({ ok }) => ok),
        detail: all.map(({ detail }, index) => `${targets[index]?.id}: ${detail}`).join('; '),
      };
    },
  };
}

async function withdraw(
  targets: readonly NamedTarget[],
  request: AllocationRequest,
  signal: AbortSignal,
): Promise<void> {
  const attempts = await Promise.allSettled(
    targets.map(({ id, target }) => target.apply(request, signal).catch(named(id))),
  );
  signal.throwIfAborted();
  const failures = attempts.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) throw failures.toSorted((a, b) => rank(b) - rank(a))[0];
}

/** Which of several failures says most: a higher fence is the way on, and what may be tried again goes before the rest. */
function rank(failure: unknown): number {
  if (failure instanceof StaleFence) return 1 + failure.current;
  return failure instanceof TargetUnavailable ? 0 : -1;
}

function named(id: string): (error: unknown) => never {
  return (cause) => {
    if (cause instanceof TargetUnavailable) throw new TargetUnavailable(`${id}: ${cause.message}`, { cause });
    if (cause instanceof EffectRefused) throw new EffectRefused(`${id}: ${cause.message}`, { cause });
    throw cause;
  };
}

function same(a: AppliedAllocation | undefined, b: AppliedAllocation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.fence === b.fence && sameAllocation(a.allocation, b.allocation);
}

function inWords(targets: readonly NamedTarget[], shown: readonly (AppliedAllocation | undefined)[]): string {
  return targets
    .map(({ id }, index) => {
      const fence = shown[index]?.fence;
      return fence === undefined ? `${id} has nothing applied` : `${id} is at fence ${fence}`;
    })
    .join(', ');
}
