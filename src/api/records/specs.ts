import type { SpecItem } from '../../contracts/records.js';
import type { CompiledSpec } from '../../domain/spec/spec.js';
import { Problem } from '../problem.js';
import { allOfType, type Told } from './of-type.js';
import { declaredBy, type RecordSources } from './sources.js';

/** A version of the spec, with what is compiled of it. */
export interface SpecVersion {
  readonly item: SpecItem;
  readonly compiled: CompiledSpec;
}

/** Every version, oldest first. A pilot brought its first one with its start. */
export async function specsOf(sources: RecordSources, key: string): Promise<SpecVersion[]> {
  const types = ['LifecycleStarted', 'SpecDrafted', 'SpecSubmitted'] as const;
  const versions = new Map<number, SpecVersion>();
  for (const event of await allOfType(sources.readModel, key, types)) {
    switch (event.type) {
      case 'LifecycleStarted': {
        const declared = await declaredSpec(sources, event);
        if (declared !== undefined) versions.set(1, declared);
        break;
      }
      case 'SpecDrafted': {
        const { version, spec, author, missing } = event.draft;
        const item = { version, digest: spec.digest, author, draftedAt: event.at, missing: [...missing] };
        versions.set(version, { item: { ...item, submittedBy: null, submittedAt: null }, compiled: spec });
        break;
      }
      case 'SpecSubmitted': {
        const { version, spec, submittedBy, frozenAt } = event.spec;
        const drafted = versions.get(version);
        if (drafted === undefined) break;
        versions.set(version, {
          item: { ...drafted.item, submittedBy, submittedAt: frozenAt },
          compiled: spec,
        });
        break;
      }
      default:
        event satisfies never;
    }
  }
  return [...versions.values()].sort((a, b) => a.item.version - b.item.version);
}

/** One of them. Throws `Problem` for a version that there is not. */
export function versionIn(specs: readonly SpecVersion[], key: string, version: number): SpecVersion {
  const found = specs.find(({ item }) => item.version === version);
  if (found !== undefined) return found;
  const there = specs.map(({ item }) => item.version).join(', ') || 'none yet';
  throw new Problem('not-found', `${key} has no spec version ${version}; there is ${there}`);
}

async function declaredSpec(
  sources: RecordSources,
  started: Told<'LifecycleStarted'>,
): Promise<SpecVersion | undefined> {
  const declared = await declaredBy(sources, started);
  if (declared === undefined) return undefined;
  const { spec, by, at } = declared;
  const item = { version: 1, digest: spec.digest, author: by, draftedAt: at, missing: [] };
  return { item: { ...item, submittedBy: by, submittedAt: at }, compiled: spec };
}
