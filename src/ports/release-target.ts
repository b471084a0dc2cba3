import type { Allocation } from '../domain/release/allocation.js';

export type AllocationRequest = {
  /** Lifecycle, step and generation: the same for every attempt at one effect. */
  readonly effectKey: string;
  /** Rises with every effect of a lifecycle. */
  readonly fence: number;
  readonly lifecycle: string;
  readonly allocation: Allocation;
};

export type AppliedAllocation = {
  readonly fence: number;
  readonly allocation: Allocation;
  /** Milliseconds since 1970-01-01T00:00:00Z, by the target's clock. */
  readonly appliedAt: number;
};

/** Whether a target could take an effect now, in words for whoever operates it. */
export type TargetHealth = { readonly ok: boolean; readonly detail: string };

/** Where releases serve traffic. What `apply` answers counts for nothing until `read` shows it. */
export interface ReleaseTarget {
  /**
   * Applies an allocation, at most once by effect key however often it is called.
   * Throws `StaleFence`, `EffectRefused`, `TargetUnavailable`; the signal's reason when aborted.
   */
  apply(request: AllocationRequest, signal: AbortSignal): Promise<void>;
  /** What the target serves now; undefined before anything was applied. Throws `TargetUnavailable`. */
  read(lifecycle: string, signal?: AbortSignal): Promise<AppliedAllocation | undefined>;
  /**
   * Whether it could take an effect of this lifecycle, and shows what it last took. Nothing is decided by it. A target
   * that cannot be asked is not well: throws nothing but the signal's reason.
   */
  health(lifecycle: string, signal?: AbortSignal): Promise<TargetHealth>;
  /** The same for lifecycles of a team; absent where teams make no difference. */
  readonly forTeam?: (team: string) => ReleaseTarget;
}

/** A later effect was applied already, so this one must not be. Retrying cannot help. */
export class StaleFence extends Error {
  override readonly name = 'StaleFence';
  readonly code = 'stale-fence';
  /** The fence that the target stands at. */
  readonly current: number;
  constructor(fence: number, current: number) {
    super(`fence ${fence} is behind ${current}: a later effect was applied, read the target before going on`);
    this.current = current;
  }
}

/** The effect key was used for another allocation, or the request makes no sense: no retry mends that. */
export class EffectRefused extends Error {
  override readonly name = 'EffectRefused';
  readonly code = 'effect-refused';
}

/** The target gave no clear answer: the effect may or may not have happened. Repeat it, or read. */
export class TargetUnavailable extends Error {
  override readonly name = 'TargetUnavailable';
  readonly code = 'target-unavailable';
}
