import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Ledger } from '../ports/ledger.js';
import { createJournal } from './journal.js';
import { createJournalReader } from './journal-reader.js';

/** A journal and who writes it: the worker drains events, the API records what it refused. */
export type JournalName = 'events' | 'refusals';

/**
 * The ledger as one process sees it: it appends to its own journal and reads all of them. The folder is
 * created here and never again, so that one moved away stays an error until it is back.
 */
export async function openJournalLedger(
  folder: string,
  writes: JournalName,
  log: Pick<Logger, 'warn'>,
): Promise<Ledger & { close(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const path = (name: JournalName): string => join(folder, `${name}.jsonl`);
  const journal = createJournal(path(writes), log);
  const reader = createJournalReader([path('events'), path('refusals')]);
  return {
    append: journal.append,
    read: reader.read,
    close: async () => {
      await journal.close();
      await reader.close();
    },
  };
}
