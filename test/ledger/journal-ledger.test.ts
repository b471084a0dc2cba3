import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type JournalName, openJournalLedger } from '../../src/ledger/journal-ledger.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';
import { describeLedger, readAll } from '../ports/ledger.conformance.js';
import { event, events, refusal } from '../ports/ledger-entries.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const silent = pino({ level: 'silent' });

async function openIn(folder: string, writes: JournalName) {
  const ledger = await openJournalLedger(folder, writes, silent);
  onTestFinished(() => ledger.close());
  return ledger;
}

describeLedger('the journal', async () => openIn(await temporaryFolder(), 'events'));

describe('two journals, one ledger', () => {
  it('shows each process what both wrote, the earlier first', async () => {
    const folder = await temporaryFolder();
    const [worker, api] = [await openIn(folder, 'events'), await openIn(folder, 'refusals')];
    await worker.append(events('kyc', 3));
    await api.append([refusal('kyc', 'r-1', 1_500), refusal('kyc', 'r-2', 2_500), refusal('tax', 'r-3', 1)]);
    const ids = ['lifecycle/kyc/1', 'refusal/r-1', 'lifecycle/kyc/2', 'refusal/r-2', 'lifecycle/kyc/3'];
    expect((await readAll(worker, 'kyc', 1)).map(({ id }) => id)).toEqual(ids);
    expect((await readAll(api, 'kyc', 2)).map(({ id }) => id)).toEqual(ids);
  });

  it('never misses an entry that is older than what was read already', async () => {
    const folder = await temporaryFolder();
    const [worker, api] = [await openIn(folder, 'events'), await openIn(folder, 'refusals')];
    await api.append([refusal('kyc', 'r-1', 5_000), refusal('kyc', 'r-2', 9_000)]);
    const first = await api.read('kyc', null, 1);
    await worker.append(events('kyc', 2));
    const second = await api.read('kyc', first.next, 10);
    expect(second.entries.map(({ id }) => id)).toEqual(['lifecycle/kyc/1', 'lifecycle/kyc/2', 'refusal/r-2']);
  });

  it('sees at once what another process was acknowledged', async () => {
    const folder = await temporaryFolder();
    const [worker, api] = [await openIn(folder, 'events'), await openIn(folder, 'refusals')];
    for (let seq = 1; seq <= 20; seq++) {
      await worker.append([event('kyc', seq)]);
      const [a, b] = await Promise.all([readAll(api, 'kyc', 100), readAll(api, 'kyc', 7)]);
      expect([a.length, b.length]).toEqual([seq, seq]);
    }
  });
});

describe('a journal that cannot be reached', () => {
  it('says so while its folder is away, and goes on by itself when it is back', async () => {
    const folder = join(await temporaryFolder(), 'journal');
    const away = `${folder}-away`;
    const ledger = await openIn(folder, 'events');
    await ledger.append(events('kyc', 2));
    expect(await readAll(ledger, 'kyc')).toHaveLength(2);

    await rename(folder, away);
    const outage = await Promise.allSettled([
      ledger.append([event('kyc', 3)]),
      ledger.append([event('tax', 1)]),
      ledger.read('kyc', null, 10),
    ]);
    for (const result of outage) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(LedgerUnavailable) });
    }
    await expect(ledger.append([event('kyc', 3)])).rejects.toThrow(LedgerUnavailable);

    await rename(away, folder);
    await ledger.append([event('kyc', 3)]);
    await ledger.append([event('tax', 1)]);
    expect(await readAll(ledger, 'kyc')).toEqual(events('kyc', 3));
    expect(await readAll(ledger, 'tax')).toEqual(events('tax', 1));
  });

  it('is not mistaken for an empty one when it was never read before', async () => {
    const folder = join(await temporaryFolder(), 'journal');
    const ledger = await openIn(folder, 'refusals');
    await rename(folder, `${folder}-away`);
    await expect(ledger.read('kyc', null, 10)).rejects.toThrow(LedgerUnavailable);
    await expect(ledger.append([refusal('kyc', 'r-1', 1)])).rejects.toThrow(LedgerUnavailable);
  });

  it('does not take a new folder in its place for a fresh start', async () => {
    const folder = join(await temporaryFolder(), 'journal');
    const ledger = await openIn(folder, 'events');
    await ledger.append(events('kyc', 2));
    await rename(folder, `${folder}-away`);
    await openJournalLedger(folder, 'refusals', silent).then((other) => other.close());
    await expect(ledger.append([event('kyc', 3)])).rejects.toThrow(LedgerUnavailable);
    await expect(ledger.append([event('kyc', 3)])).rejects.toMatchObject({ code: 'ledger-gap', expected: 1 });
  });
});
