import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { JsonLines } from '../adapters/json-lines.js';
import { reason } from '../adapters/system-error.js';
import { canonicalForm } from '../domain/digest.js';
import {
  type Ledger,
  LedgerConflict,
  type LedgerEntry,
  LedgerGap,
  LedgerUnavailable,
} from '../ports/ledger.js';
import { parseEntry } from './entry.js';

/**
 * The writing side of a ledger in one append-only file of canonical JSON lines.
 *
 * Memory: a digest by entry id, to tell a repeated entry from a conflicting one, and the last sequence
 * number by lifecycle. Both are rebuilt from the file at the first append and after any failure. An
 * entry is acknowledged once it is synced, alone or with all that came while the last sync ran.
 */
export function createJournal(
  path: string,
  log: Pick<Logger, 'warn'>,
): Pick<Ledger, 'append'> & { close(): Promise<void> } {
  const digests = new Map<string, string>();
  const lastSeq = new Map<string, number>();

  const remember = (entry: LedgerEntry, digest: string): void => {
    digests.set(entry.id, digest);
    if (entry.seq !== null) lastSeq.set(entry.lifecycle, entry.seq);
  };

  const file = new JsonLines(
    path,
    {
      reset() {
        digests.clear();
        lastSeq.clear();
      },
      line: (line) => remember(parseEntry(line), digestOfLine(line)),
    },
    log,
  );

  /** The lines of the entries that are not there yet; all are checked before any is remembered. */
  const stage = (entries: readonly LedgerEntry[]): string[] => {
    const fresh = new Map<string, { entry: LedgerEntry; line: string; digest: string }>();
    const next = new Map<string, number>();
    for (const entry of entries) {
      const line = canonicalForm(entry);
      const digest = digestOfLine(line);
      const known = fresh.get(entry.id)?.digest ?? digests.get(entry.id);
      if (known === digest) continue;
      if (known !== undefined) throw new LedgerConflict(entry.id);
      if (entry.kind === 'event') {
        const expected = next.get(entry.lifecycle) ?? (lastSeq.get(entry.lifecycle) ?? 0) + 1;
        if (entry.seq !== null && entry.seq < expected) throw new LedgerConflict(entry.id);
        if (entry.seq !== expected) throw new LedgerGap(entry.id, expected);
        next.set(entry.lifecycle, expected + 1);
      }
      fresh.set(entry.id, { entry, line, digest });
    }
    for (const { entry, digest } of fresh.values()) remember(entry, digest);
    return [...fresh.values()].map(({ line }) => line);
  };

  return {
    async append(entries) {
      try {
        await file.append(() => stage(entries));
      } catch (error) {
        if (error instanceof LedgerConflict || error instanceof LedgerGap) throw error;
        throw new LedgerUnavailable(`the journal cannot be written: ${reason(error)}`, { cause: error });
      }
    },
    close: () => file.close(),
  };
}

/** Half of SHA-256 is enough to tell entries apart, and half the memory. */
function digestOfLine(line: string): string {
  return createHash('sha256').update(line).digest('base64url').slice(0, 22);
}
