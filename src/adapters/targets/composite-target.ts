import type { Allocation } from '../../domain/release/allocation.js';
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
 * Several targets as one. What raises exposure over what was asked last is applied in their order and ends at the first
 * that does not take it; anything else goes to all at once, so that one which hangs keeps nothing exposed at the others.
 * Every target has the same key and fence, so repeating the whole is as safe as repeating each.
 */
export function createCompositeTarget(targets: readonly NamedTarget[]): ReleaseTarget {
  const [only] = targets;
  if (only && targets.length === 1) return only.target;
  const asked = new Map<string, Asked>();
  return {
    async apply(request, signal) {
      const { lifecycle, fence, allocation } = request;
      const last = asked.get(lifecycle);
      // A repetition rises over what was there before its first attempt, and so still goes in order.
      const before = last?.fence === fence ? last.before : last?.allocation;
      if (last === undefined || fence > last.fence) asked.set(lifecycle, { fence, allocation, before });
      if (!rises(allocation, before)) return toAll(targets, request, signal);
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

/** The last request of a lifecycle that came here, and what the one before it asked for. */
interface Asked {
  readonly fence: number;
  readonly allocation: Allocation;
  readonly before: Allocation | undefined;
}

/** Share of the cases whose answers come from a release, 0 to 100. */
function shareOf({ candidate, serving }: Allocation, release: string | undefined): number {
  const candidates = candidate?.release === release && !candidate?.shadow ? (candidate?.percent ?? 0) : 0;
  return candidates + (serving?.release === release ? (serving?.percent ?? 0) : 0);
}

/**
 * Whether more people are to reach a release than before. What only takes up again what another one gives back does
 * not count, or a target that hangs would keep exposed what is withdrawn. Nothing known: every candidate rises.
 */
function rises(next: Allocation, before: Allocation | undefined): boolean {
  const { candidate, serving } = next;
  if (before === undefined) return candidate !== null;
  const grows = (release: string | undefined) => shareOf(next, release) > shareOf(before, release);
  if (grows(candidate?.release)) return true;
  const given = [before.candidate, before.serving].some(
    (one) => one !== null && shareOf(next, one.release) < shareOf(before, one.release),
  );
  return grows(serving?.release) && (!given || before.candidate?.release === serving?.release);
}

async function toAll(
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
