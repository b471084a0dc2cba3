/** Appends entries of many lifecycles to the journal in argv[3] and reports each one once it is acknowledged. */
import { pino } from 'pino';
import { openJournalLedger } from '../../src/ledger/journal-ledger.js';
import { event } from '../ports/ledger-entries.js';

const [folder = '', lifecycles = '1'] = process.argv.slice(3);
const ledger = await openJournalLedger(folder, 'events', pino({ level: 'silent' }));

async function appendWithoutEnd(lifecycle: string): Promise<void> {
  const first = (await ledger.read(lifecycle, null, 1_000_000)).entries.length + 1;
  for (let seq = first; ; seq++) {
    await ledger.append([event(lifecycle, seq, { filler: 'x'.repeat(seq % 997) })]);
    process.send?.(`${lifecycle} ${seq}`);
  }
}

await Promise.all(Array.from({ length: Number(lifecycles) }, (_, i) => appendWithoutEnd(`kyc-${i}`)));
