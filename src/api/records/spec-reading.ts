import type { Actor } from '../../domain/lifecycle/actor.js';
import type { SpecReading } from '../../domain/spec/overview.js';
import type { Api } from '../deps.js';
import { type Shown, showLifecycle } from '../show-lifecycle.js';

type Sources = Pick<Api, 'gateway' | 'readModel' | 'lag' | 'pinned'>;

/** The rules that a lifecycle's specs are read by now, and its view. Throws as both throw. */
export async function readingOf(
  api: Sources,
  key: string,
  actor: Actor,
): Promise<SpecReading & { readonly view: Shown }> {
  const view = await showLifecycle(api, key, actor);
  const model = await api.pinned.of(view.model.digest);
  return { mode: view.mode, tier: view.tier.effective, facts: view.facts, model, view };
}
