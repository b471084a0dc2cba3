import type { ReleaseItem } from '../../contracts/records.js';
import { allOfType, type Told } from './of-type.js';
import { declaredBy, type RecordSources } from './sources.js';

/** Everything that was registered, oldest first. A pilot brought its first release with its start. */
export async function releasesOf(sources: RecordSources, key: string): Promise<ReleaseItem[]> {
  const types = ['LifecycleStarted', 'ReleaseRegistered', 'ReleaseServing', 'RolledBack'] as const;
  const releases: ReleaseItem[] = [];
  // The same parts can be registered twice: what happens to a digest happens to its last registration.
  const latest = (digest: string) => releases.findLast((each) => each.digest === digest);
  for (const event of await allOfType(sources.readModel, key, types)) {
    switch (event.type) {
      case 'LifecycleStarted': {
        const declared = await declaredRelease(sources, event);
        if (declared !== undefined) releases.push(declared);
        break;
      }
      case 'ReleaseRegistered': {
        const { label, digest, changedSections, registeredBy } = event.release;
        const registered = { label, digest, changedSections: [...changedSections], registeredBy };
        releases.push({ ...registered, ...unserved(event.at), materiality: event.materiality });
        break;
      }
      case 'ReleaseServing': {
        const release = latest(event.release);
        if (release !== undefined) release.servedAt ??= event.at;
        break;
      }
      case 'RolledBack': {
        const release = latest(event.release);
        if (release !== undefined) release.rolledBackAt = event.at;
        break;
      }
      default:
        event satisfies never;
    }
  }
  return releases;
}

const unserved = (registeredAt: number) => ({ registeredAt, servedAt: null, rolledBackAt: null });

async function declaredRelease(
  sources: RecordSources,
  started: Told<'LifecycleStarted'>,
): Promise<ReleaseItem | undefined> {
  const declared = await declaredBy(sources, started);
  if (declared === undefined) return undefined;
  const { release, by, at } = declared;
  const registered = { label: 'r1', digest: release, changedSections: [], registeredBy: by };
  return { ...registered, ...unserved(at), materiality: null };
}
