import { setImmediate as breathe } from 'node:timers/promises';
import type { DryRunReport } from '../../contracts/policy.js';
import { type Digest, digestOf } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { State } from '../../domain/lifecycle/state.js';
import type { Difference } from '../../domain/migration/difference.js';
import { dryRun } from '../../domain/migration/dry-run.js';
import type { OperatingModel } from '../../domain/policy.js';
import type { Instant } from '../../domain/vocabulary.js';
import type { OpenStates } from '../../ports/open-states.js';

const PAGE = 50;

type Affected = DryRunReport['affected'][number];

/**
 * Runs a model against every open lifecycle under an older version of it, one after the other. One that cannot be
 * looked at is named, never passed over. Throws `LedgerUnavailable`.
 */
export async function dryRunAll(
  openStates: OpenStates,
  model: OperatingModel,
  now: Instant,
): Promise<DryRunReport> {
  const affected: Affected[] = [];
  const unseen: string[] = [];
  let lifecycles = 0;
  let after: string | null = null;
  do {
    const page = await openStates.page(after, PAGE);
    unseen.push(...page.unseen);
    for (const state of page.states) {
      if (state.model.name !== model.name || state.model.version >= model.version) continue;
      lifecycles++;
      try {
        const differences = dryRun(state, model, now);
        if (differences.length > 0) affected.push(affectedBy(state, differences));
      } catch {
        unseen.push(state.key);
      }
    }
    after = page.next;
    // Other requests are answered in between.
    await breathe();
  } while (after !== null);
  const { name, version, digest } = model;
  return { model: { name, version, digest }, asOf: now, lifecycles, affected, unseen };
}

function affectedBy(
  { key, title, team, stage, mode, model }: State,
  differences: readonly Difference[],
): Affected {
  return { key, title, team: team.id, stage, mode, version: model.version, differences: [...differences] };
}

/** What a report says would happen, without words and dates: these move with every day. */
export function effectsOf({ affected, unseen }: DryRunReport): Digest {
  const timeless = affected.map(({ key, differences }) => ({
    key,
    differences: differences.map((difference) => {
      const { message: _words, due: _due, before: _before, after: _after, ...rest } = difference;
      return difference.kind === 'term' ? rest : { ...rest, before: _before, after: _after };
    }),
  }));
  return digestOf(JSON.parse(JSON.stringify({ affected: timeless, unseen })) as Json);
}
