import { reason } from '../adapters/system-error.js';
import { CursorInvalid, type Ledger, type LedgerEntry, LedgerUnavailable } from '../ports/ledger.js';
import { JournalTail, type Place } from './journal-tail.js';

/**
 * The reading side of a ledger that lies in several journals, each with a writer of its own.
 *
 * Entries of one journal keep its order; between journals the earlier one comes first. The cursor counts
 * what was read of each journal: a time would miss entries that are written after later ones of another.
 */
export function createJournalReader(
  paths: readonly string[],
): Pick<Ledger, 'read'> & { close(): Promise<void> } {
  const tails = paths.map((path) => new JournalTail(path));

  const close = async (): Promise<void> => {
    await Promise.all(tails.map((tail) => tail.close()));
  };

  const load = async (lifecycle: string, after: number[], limit: number) => {
    await Promise.all(tails.map((tail) => tail.refresh()));
    const read = [...after];
    const entries: Promise<LedgerEntry>[] = [];
    for (;;) {
      const first = earliest(tails.map((tail, i) => tail.places(lifecycle)[read[i] ?? 0]));
      const tail = tails[first?.journal ?? -1];
      if (first === undefined || tail === undefined)
        return { entries: await Promise.all(entries), next: null };
      if (entries.length === limit) return { entries: await Promise.all(entries), next: read.join('.') };
      entries.push(tail.entry(first.place));
      read[first.journal] = (read[first.journal] ?? 0) + 1;
    }
  };

  return {
    async read(lifecycle, after, limit) {
      const cursor = after === null ? tails.map(() => 0) : parseCursor(after, tails.length);
      try {
        return await load(lifecycle, cursor, limit);
      } catch (error) {
        // A writer that takes back what it could not sync leaves the places behind it wrong: read anew.
        await close();
        throw new LedgerUnavailable(`the journal cannot be read: ${reason(error)}`, { cause: error });
      }
    },
    close,
  };
}

function earliest(heads: readonly (Place | undefined)[]): { journal: number; place: Place } | undefined {
  let first: { journal: number; place: Place } | undefined;
  for (const [journal, place] of heads.entries()) {
    if (place !== undefined && (first === undefined || place.at < first.place.at)) first = { journal, place };
  }
  return first;
}

function parseCursor(cursor: string, journals: number): number[] {
  const read = /^\d{1,15}(\.\d{1,15})*$/.test(cursor) ? cursor.split('.').map(Number) : [];
  if (read.length !== journals) throw new CursorInvalid(cursor);
  return read;
}
