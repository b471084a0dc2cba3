import type { z } from 'zod';
import type { shownLifecycle } from '../contracts/view.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { LifecycleView } from '../domain/lifecycle/view.js';
import type { Api } from './deps.js';
import { Problem } from './problem.js';
import { within } from './within.js';

const STALE_MS = 1_000;

/** What stands against a fresh view, and not against an old one. `not-found`: the engine has forgotten it. */
const PASSED_OVER: readonly string[] = [
  'view-unavailable',
  'temporal-unavailable',
  'lifecycle-stuck',
  'not-found',
];

type Extra = Pick<z.output<typeof shownLifecycle>, 'ledger' | 'stale' | 'asOf' | 'because'>;
export type Shown = LifecycleView & Extra;

/**
 * A lifecycle for one person, with how far its record is behind. Where the engine gives no answer the ledger's
 * own fold is shown, marked as old and without a command that it would allow. Throws the engine's `Problem`
 * where the ledger has none either.
 */
export async function showLifecycle(
  { gateway, readModel, lag }: Pick<Api, 'gateway' | 'readModel' | 'lag'>,
  key: string,
  actor: Actor,
): Promise<Shown> {
  const asked = lag.recorded(key);
  try {
    const view = await gateway.view(key, actor);
    lag.saw(key, view.version);
    const recorded = await asked;
    const behind = recorded === null ? null : Math.max(0, view.version - recorded);
    return { ...view, ledger: { recorded, behind } };
  } catch (error) {
    if (!(error instanceof Problem) || !PASSED_OVER.includes(error.code)) throw error;
    const old = await within(STALE_MS, readModel.view(key));
    if (old === undefined) throw error;
    return {
      ...old.view,
      allowedCommands: [],
      refused: {},
      ledger: { recorded: old.view.version, behind: null },
      stale: true,
      asOf: old.asOf,
      because: error.code,
    };
  }
}
