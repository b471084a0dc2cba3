import type { Allocation } from '../../../domain/release/allocation.js';
import {
  EffectRefused,
  type ReleaseTarget,
  StaleFence,
  type TargetHealth,
  TargetUnavailable,
} from '../../../ports/release-target.js';
import { healthFrom, standsAt } from '../asking.js';
import { createTurns } from '../in-turn.js';
import { isRepetition, nameFor, requirePossible } from '../promises.js';
import {
  astray,
  type EffectRecord,
  keptVersions,
  newestEffect,
  outlived,
  tagOf,
  tagValue,
  takenAlias,
} from './records.js';
import type { RegisteredModel, Registry } from './registry.js';

/** Tag of a model version that names the release it belongs to; whoever registers the version sets it. */
export const RELEASE_TAG = 'airworthy_release';

/** Effects whose tags are kept: a trace for people, who look into MLflow first. */
const KEPT = 20;
/** Rounds in which somebody else may have changed aliases in between. */
const ROUNDS = 5;

export interface MlflowTargetOptions {
  readonly registry: Registry;
  /** The registered model, and the aliases that lead to its versions; `$lifecycle` in them is the key. */
  readonly model: string;
  readonly aliases: { readonly serving: string; readonly candidate: string; readonly shadow: string };
  readonly now?: () => number;
}

/** A change that is waited for to its end, also when nobody wants it any more: what follows must not be overtaken by it. */
async function whole(signal: AbortSignal, change: () => Promise<void>): Promise<void> {
  signal.throwIfAborted();
  try {
    await change();
  } finally {
    signal.throwIfAborted();
  }
}

/**
 * Aliases of a registered model. MLflow changes one thing at a time and compares nothing, so an effect is first written
 * down as a tag of its own, then every alias is made to lead where the newest tag says, whoever's that is; and it is
 * there for `read` only when all of them do.
 */
export function createMlflowTarget({
  registry,
  now = Date.now,
  ...names
}: MlflowTargetOptions): ReleaseTarget {
  const inTurn = createTurns();
  const modelOf = (lifecycle: string): string => nameFor(names.model, lifecycle);

  /** The version that carries a release; the newest, where one was registered again. */
  async function versionOf(name: string, release: string, signal: AbortSignal): Promise<string> {
    const found = await registry.tagged(name, RELEASE_TAG, release, signal);
    const ready = found.filter(({ status }) => status === 'READY').map(({ version }) => Number(version));
    if (ready.length > 0) return String(Math.max(...ready));
    const what = found.length === 0 ? 'has the tag' : 'is ready that has the tag';
    throw new TargetUnavailable(
      `no version of the model ${name} ${what} ${RELEASE_TAG} = ${release}: set it`,
    );
  }

  /** A release keeps the version that it had: to take another one back, or to go back to it, is not a new search. */
  async function aliasesOf(
    lifecycle: string,
    { candidate, serving }: Allocation,
    kept: ReturnType<typeof keptVersions>,
    signal: AbortSignal,
  ): Promise<Pick<EffectRecord, 'aliases' | 'versions'>> {
    const find = async (release: string | undefined): Promise<string | null> => {
      if (release === undefined) return null;
      return kept[release] ?? versionOf(modelOf(lifecycle), release, signal);
    };
    const [next, current] = await Promise.all([find(candidate?.release), find(serving?.release)]);
    return {
      aliases: {
        [nameFor(names.aliases.serving, lifecycle)]: current,
        [nameFor(names.aliases.candidate, lifecycle)]: candidate?.shadow ? null : next,
        [nameFor(names.aliases.shadow, lifecycle)]: candidate?.shadow ? next : null,
      },
      versions: {
        ...(candidate && next !== null && { [candidate.release]: next }),
        ...(serving && current !== null && { [serving.release]: current }),
      },
    };
  }

  /** Two lifecycles under one alias would take each other's exposure. */
  function requireOwn(model: RegisteredModel, lifecycle: string, aliases: readonly string[]): void {
    const taken = takenAlias(model, lifecycle, aliases);
    if (taken === undefined) return;
    const whose = `the alias ${taken.alias} of ${modelOf(lifecycle)} belongs to ${taken.by}`;
    throw new EffectRefused(`${whose}: put $lifecycle into model or aliases of the targets file`);
  }

  async function existing(lifecycle: string, signal: AbortSignal): Promise<RegisteredModel> {
    const model = await registry.model(modelOf(lifecycle), signal);
    if (model) return model;
    throw new TargetUnavailable(`there is no registered model ${modelOf(lifecycle)} in MLflow: make it`);
  }

  /** Ends with every alias where the newest effect wants it, which may be a later one than ours. */
  async function settle(lifecycle: string, signal: AbortSignal): Promise<EffectRecord | undefined> {
    const name = modelOf(lifecycle);
    for (let round = 0; round < ROUNDS; round++) {
      const model = await existing(lifecycle, signal);
      const newest = newestEffect(model, lifecycle);
      const wrong = newest ? astray(model, newest) : [];
      if (wrong.length === 0) return newest;
      for (const [alias, version] of wrong) {
        await whole(signal, () =>
          version === null ? registry.deleteAlias(name, alias) : registry.setAlias(name, alias, version),
        );
      }
    }
    throw new TargetUnavailable(`aliases of the model ${name} are changed by somebody else at the same time`);
  }

  const target: ReleaseTarget = {
    async apply(request, signal) {
      signal.throwIfAborted();
      requirePossible(request);
      const { lifecycle, effectKey, fence, allocation } = request;
      const name = modelOf(lifecycle);
      await inTurn(name, async () => {
        const model = await existing(lifecycle, signal);
        const last = newestEffect(model, lifecycle);
        if (!isRepetition(request, last)) {
          const leads = await aliasesOf(lifecycle, allocation, keptVersions(model, lifecycle), signal);
          requireOwn(model, lifecycle, Object.keys(leads.aliases));
          for (const tag of outlived(model, lifecycle, KEPT - 1))
            await whole(signal, () => registry.deleteTag(name, tag));
          const record = { effectKey, fence, allocation, appliedAt: now(), ...leads };
          await whole(signal, () => registry.setTag(name, tagOf(lifecycle, record), tagValue(record)));
        }
        const newest = await settle(lifecycle, signal);
        if (newest && newest.fence > fence) throw new StaleFence(fence, newest.fence);
        if (newest?.effectKey !== effectKey)
          throw new TargetUnavailable(`MLflow took the effect ${effectKey}, and does not show it`);
      });
    },

    async read(lifecycle, signal) {
      const model = await registry.model(modelOf(lifecycle), signal);
      const newest = model && newestEffect(model, lifecycle);
      if (!newest) return undefined;
      const [wrong] = astray(model, newest);
      if (wrong === undefined) {
        const { fence, allocation, appliedAt } = newest;
        return { fence, allocation, appliedAt };
      }
      const [alias, version] = wrong;
      const lead = `the alias ${alias} of ${modelOf(lifecycle)} does not lead to ${version ?? 'nothing'}`;
      throw new TargetUnavailable(`${lead}, as ${newest.effectKey} wants it`);
    },

    health: (lifecycle, signal) => healthFrom(() => healthOf(lifecycle, signal), signal),
  };

  async function healthOf(lifecycle: string, signal: AbortSignal | undefined): Promise<TargetHealth> {
    const name = modelOf(lifecycle);
    const applied = await target.read(lifecycle, signal);
    const model = applied && (await registry.model(name, signal));
    for (const [alias, version] of Object.entries((model && newestEffect(model, lifecycle)?.aliases) ?? {})) {
      const found = version === null ? undefined : await registry.version(name, alias, signal);
      if (version === null || found?.status === 'READY') continue;
      return { ok: false, detail: `version ${version} of ${name}, ${alias}, is ${found?.status ?? 'gone'}` };
    }
    return standsAt(lifecycle, applied?.fence);
  }
  return target;
}
