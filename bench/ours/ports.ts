import type { MetricSource } from '../../src/ports/metric-source.js';
import type { Notifier } from '../../src/ports/notifier.js';
import type { AppliedAllocation, ReleaseTarget } from '../../src/ports/release-target.js';
import { lifecycleId } from '../../src/workflows/messages.js';
import type { EffectsSeen } from '../contestant.js';

/** A target that serves nothing and remembers what it was told, as the floor's effect does nothing. */
export function createIdleTarget(effects: EffectsSeen): ReleaseTarget {
  const applied = new Map<string, AppliedAllocation>();
  return {
    async apply({ lifecycle, fence, allocation }) {
      applied.set(lifecycle, { fence, allocation, appliedAt: Date.now() });
    },
    async read(lifecycle) {
      effects.count(lifecycleId(lifecycle), 'exposed');
      return applied.get(lifecycle);
    },
    health: async () => ({ ok: true, detail: 'it serves nothing' }),
  };
}

/** A notifier that tells nobody. */
export function createSilentNotifier(effects: EffectsSeen): Notifier {
  return {
    async deliver({ lifecycle, notices }) {
      for (const _ of notices) effects.count(lifecycleId(lifecycle), 'told');
    },
  };
}

/** The journey verifies nothing: its pilot has no clauses to verify. */
export const noMetrics: MetricSource = { query: async () => [] };
