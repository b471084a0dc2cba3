import type { EventOf, EventType } from '../../domain/lifecycle/events.js';
import type { PlacedEntry } from '../../ports/ledger.js';
import type { ReadModel } from '../../ports/read-model.js';

/** More than a lifecycle comes to; what is read page by page has pages of its own. */
const AT_ONCE = 1_000;

/** An event as it stands in the ledger. */
export type Told<T extends EventType> = { readonly [E in T]: EventOf<E> }[T] &
  Pick<PlacedEntry, 'at' | 'by' | 'position'>;

/** An entry of an event as that event: the ledger keeps its fields as the entry's data. */
export function told<T extends EventType>({ type, data, at, by, position }: PlacedEntry): Told<T> {
  return { ...(data as object), type, at, by, position } as unknown as Told<T>;
}

/** Every event of these types of one lifecycle, oldest first. Throws `LedgerUnavailable`. */
export async function allOfType<const T extends EventType>(
  readModel: Pick<ReadModel, 'entriesOfType'>,
  key: string,
  types: readonly T[],
): Promise<Told<T>[]> {
  const all: Told<T>[] = [];
  for (;;) {
    const page = await readModel.entriesOfType(key, types, all.at(-1)?.position ?? 0, AT_ONCE);
    all.push(...page.map((entry) => told<T>(entry)));
    if (page.length < AT_ONCE) return all;
  }
}
