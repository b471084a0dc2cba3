import type { EvidenceItem } from '../../contracts/records.js';
import { type Told, told } from './of-type.js';
import type { RecordSources } from './sources.js';

/** A page of what was ever added, oldest first, behind the position `after`. */
export async function evidencePage(
  { readModel }: RecordSources,
  key: string,
  after: number,
  limit: number,
): Promise<{ readonly items: readonly EvidenceItem[]; readonly nextCursor: string | null }> {
  const found = await readModel.entriesOfType(key, ['EvidenceAdded'], after, limit + 1);
  const shown = found.slice(0, limit);
  const more = found.length > limit;
  return {
    items: shown.map((entry) => itemOf(told<'EvidenceAdded'>(entry))),
    nextCursor: more ? String(shown.at(-1)?.position) : null,
  };
}

function itemOf({ evidence, at, by }: Told<'EvidenceAdded'>): EvidenceItem {
  const { id, kind, digest, producer, independent, collectedAt, about, verdicts } = evidence;
  return {
    id,
    kind,
    digest,
    producer,
    independent,
    collectedAt,
    addedAt: at,
    addedBy: by,
    about: [...about],
    verdicts: [...verdicts],
  };
}
