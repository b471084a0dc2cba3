import { z } from 'zod';
import { canonicalForm } from '../../../domain/digest.js';
import { TargetUnavailable } from '../../../ports/release-target.js';
import { allocationForm } from '../../target-protocol.js';
import { plain } from '../promises.js';
import type { RegisteredModel } from './registry.js';

/**
 * An effect as a tag of the model: `airworthy/<lifecycle>/<fence>`. A fence has a tag of its own, so that whoever comes
 * late writes beside what is newer and never over it; the one with the highest fence counts.
 */
const recordForm = z.strictObject({
  effectKey: z.string(),
  fence: z.int(),
  allocation: allocationForm,
  appliedAt: z.number(),
  /** What each alias is to lead to; null: nowhere. */
  aliases: z.record(z.string(), z.string().nullable()),
  /** Versions of the releases in it. */
  versions: z.record(z.string(), z.string()),
});
export type EffectRecord = z.infer<typeof recordForm>;

const prefixOf = (lifecycle: string): string => `airworthy/${plain(lifecycle)}/`;

export const tagOf = (lifecycle: string, { fence }: Pick<EffectRecord, 'fence'>): string =>
  `${prefixOf(lifecycle)}${fence}`;

export const tagValue = (record: EffectRecord): string => canonicalForm(record);

/** Tags of a lifecycle's effects, newest first. */
function effectTags(model: RegisteredModel, prefix: string): { key: string; value: string; fence: number }[] {
  return model.tags
    .filter(({ key }) => key.startsWith(prefix))
    .map((tag) => ({ ...tag, fence: Number(tag.key.slice(prefix.length)) }))
    .filter(({ fence }) => Number.isSafeInteger(fence))
    .toSorted((a, b) => b.fence - a.fence);
}

/** The effect that counts; undefined before the first. Throws `TargetUnavailable` where its tag was written over. */
export function newestEffect(model: RegisteredModel, lifecycle: string): EffectRecord | undefined {
  return newestOf(model, prefixOf(lifecycle));
}

function newestOf(model: RegisteredModel, prefix: string): EffectRecord | undefined {
  const [tag] = effectTags(model, prefix);
  return tag && recordIn(tag);
}

function recordIn({ key, value }: RegisteredModel['tags'][number]): EffectRecord {
  try {
    return recordForm.parse(JSON.parse(value));
  } catch (cause) {
    throw new TargetUnavailable(`the tag ${key} is not what was written there: restore it`, { cause });
  }
}

/** Versions that releases had in the effects that are kept, the last of each; what was written over tells of none. */
export function keptVersions(
  model: RegisteredModel,
  lifecycle: string,
): Readonly<Record<string, string | undefined>> {
  const kept: Record<string, string> = {};
  for (const tag of effectTags(model, prefixOf(lifecycle)).reverse()) {
    try {
      Object.assign(kept, recordIn(tag).versions);
    } catch (error) {
      if (!(error instanceof TargetUnavailable)) throw error;
    }
  }
  return kept;
}

/** An alias of ours that leads somewhere for another lifecycle, with that lifecycle as its tags spell it. */
export function takenAlias(
  model: RegisteredModel,
  lifecycle: string,
  aliases: readonly string[],
): { readonly alias: string; readonly by: string } | undefined {
  const others = new Set(model.tags.flatMap(({ key }) => /^airworthy\/([^/]+)\/\d+$/.exec(key)?.[1] ?? []));
  others.delete(plain(lifecycle));
  for (const by of others) {
    const newest = newestOf(model, `airworthy/${by}/`);
    const alias = aliases.find((each) => (newest?.aliases[each] ?? null) !== null);
    if (alias !== undefined) return { alias, by };
  }
  return undefined;
}

/** Tags of effects long past: nothing asks for them any more. */
export function outlived(model: RegisteredModel, lifecycle: string, keep: number): readonly string[] {
  return effectTags(model, prefixOf(lifecycle))
    .slice(keep)
    .map(({ key }) => key);
}

/** Aliases that do not lead where they are to, with where that is. */
export function astray(
  model: RegisteredModel,
  { aliases }: EffectRecord,
): [alias: string, version: string | null][] {
  const now = new Map(model.aliases.map(({ alias, version }) => [alias, version]));
  return Object.entries(aliases).filter(([alias, version]) => (now.get(alias) ?? null) !== version);
}
