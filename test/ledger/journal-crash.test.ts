import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openJournalLedger } from '../../src/ledger/journal-ledger.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';
import { killAndWait, nextMessage, startModule } from '../ports/child-process.js';
import { readAll } from '../ports/ledger.conformance.js';
import { event, events } from '../ports/ledger-entries.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const APPENDING = new URL('appending-process.ts', import.meta.url);
const silent = pino({ level: 'silent' });

describe('a writer that is killed', () => {
  it('has lost nothing that it acknowledged, wrote nothing twice, and another takes over', async () => {
    const folder = await temporaryFolder();
    const lifecycles = 8;
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 4; round++) {
      const child = startModule(APPENDING, [folder, String(lifecycles)]);
      child.on('message', (message) => {
        const [lifecycle = '', seq] = (message as string).split(' ');
        acknowledged.set(lifecycle, Number(seq));
      });
      await nextMessage(child);
      await sleep(30 + round * 17);
      await killAndWait(child);
    }

    const ledger = await openJournalLedger(folder, 'events', silent);
    onTestFinished(() => ledger.close());
    expect(acknowledged.size).toBe(lifecycles);
    for (const [lifecycle, last] of acknowledged) {
      const seqs = (await readAll(ledger, lifecycle, 1_000)).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1));
      expect(seqs.length).toBeGreaterThanOrEqual(last);
      await ledger.append([event(lifecycle, seqs.length + 1)]);
    }
  });
});

describe('a second writer', () => {
  it('is refused while the first one lives, in this process and in another, and let in afterwards', async () => {
    const folder = await temporaryFolder();
    const child = startModule(APPENDING, [folder, '1']);
    await nextMessage(child);
    const second = await openJournalLedger(folder, 'events', silent);
    onTestFinished(() => second.close());
    const refused = second.append([event('tax', 1)]);
    await expect(refused).rejects.toThrow(LedgerUnavailable);
    await expect(refused).rejects.toThrow(new RegExp(`process ${child.pid}: stop that one first`));
    // Reading is no writing.
    expect((await second.read('kyc-0', null, 1)).entries).toHaveLength(1);

    await killAndWait(child);
    await second.append([event('tax', 1)]);
    const third = await openJournalLedger(folder, 'events', silent);
    await expect(third.append([event('tax', 2)])).rejects.toThrow(/one writer/);
    await second.close();
    await third.append([event('tax', 2)]);
    await third.close();
  });
});

describe('the end of the file after a crash', () => {
  it('is cut off where a line is unfinished, with a line in the log, and read without it before that', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'events.jsonl');
    const first = await openJournalLedger(folder, 'events', silent);
    await first.append(events('kyc', 2));
    await first.close();
    const { size } = await stat(path);
    await appendFile(path, '{"at":3000,"by":"ash');

    const warn = vi.fn();
    const ledger = await openJournalLedger(folder, 'events', { warn });
    onTestFinished(() => ledger.close());
    expect(await readAll(ledger, 'kyc')).toEqual(events('kyc', 2));
    await ledger.append([event('kyc', 3)]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { file: path, bytes: 20 },
      expect.stringContaining('cut off'),
    );
    expect((await readFile(path)).subarray(size).toString()).toMatch(/^\{"at":3000.*\}\n$/);
    expect(await readAll(ledger, 'kyc')).toEqual(events('kyc', 3));
  });

  it('stops the writer with a place to look at where a whole line is none of ours', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'events.jsonl'), '{"hello":"world"}\n');
    const ledger = await openJournalLedger(folder, 'events', silent);
    onTestFinished(() => ledger.close());
    await expect(ledger.append([event('kyc', 1)])).rejects.toThrow(/events\.jsonl, byte 0: not a line/);
    await expect(ledger.read('kyc', null, 1)).rejects.toThrow(LedgerUnavailable);
  });
});
