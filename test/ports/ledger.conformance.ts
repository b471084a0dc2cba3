import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalForm } from '../../src/domain/digest.js';
import {
  CursorInvalid,
  type Ledger,
  LedgerConflict,
  type LedgerEntry,
  LedgerGap,
  type PlacedEntry,
} from '../../src/ports/ledger.js';
import { event, events, refusal } from './ledger-entries.js';

/** Everything of a lifecycle, read in pages, as it was appended. */
async function readAll(ledger: Pick<Ledger, 'read'>, lifecycle: string | null): Promise<LedgerEntry[]> {
  return (await readPlaced(ledger, lifecycle)).map(({ position: _position, hash: _hash, ...entry }) => entry);
}

async function readPlaced(ledger: Pick<Ledger, 'read'>, lifecycle: string | null): Promise<PlacedEntry[]> {
  const all: PlacedEntry[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Ledger['read']>> = await ledger.read(lifecycle, after, 3);
    all.push(...page.entries);
    after = page.next;
  } while (after !== null);
  return all;
}

/** The cases that every ledger passes. `open` gives an empty one that may append both kinds of entries. */
export function describeLedger(name: string, open: () => Promise<Ledger>): void {
  describe(`${name} as a ledger`, () => {
    it('reads back what was appended, in order, in pages, by lifecycle', async () => {
      const ledger = await open();
      await ledger.append(events('kyc', 7));
      await ledger.append([event('tax', 1)]);
      expect(await readAll(ledger, 'kyc')).toEqual(events('kyc', 7));
      expect(await readAll(ledger, 'tax')).toEqual([event('tax', 1)]);
      expect(await ledger.read('unknown', null, 10)).toEqual({ entries: [], next: null });
    });

    it('ends a page that is exactly full', async () => {
      const ledger = await open();
      await ledger.append(events('kyc', 2));
      expect((await ledger.read('kyc', null, 2)).next).toBeNull();
    });

    it('passes over entries that are there, alone and among new ones', async () => {
      const ledger = await open();
      await ledger.append(events('kyc', 2));
      await ledger.append(events('kyc', 2));
      await ledger.append(events('kyc', 4));
      expect(await readAll(ledger, 'kyc')).toEqual(events('kyc', 4));
    });

    it('refuses another body under a known id, and keeps the first', async () => {
      const ledger = await open();
      await ledger.append([event('kyc', 1)]);
      await expect(ledger.append([event('kyc', 1, 'other')])).rejects.toThrow(LedgerConflict);
      expect(await readAll(ledger, 'kyc')).toEqual([event('kyc', 1)]);
    });

    it('refuses another id under a known sequence number', async () => {
      const ledger = await open();
      await ledger.append(events('kyc', 2));
      await expect(ledger.append([{ ...event('kyc', 2), id: 'lifecycle/kyc/two' }])).rejects.toThrow(
        LedgerConflict,
      );
    });

    it('refuses a gap, names the number it expects, and appends nothing of that call', async () => {
      const ledger = await open();
      await ledger.append([event('kyc', 1)]);
      const gap = ledger.append([event('kyc', 2), event('kyc', 4)]);
      await expect(gap).rejects.toThrow(LedgerGap);
      await expect(gap).rejects.toMatchObject({ expected: 3, code: 'ledger-gap' });
      expect(await readAll(ledger, 'kyc')).toEqual([event('kyc', 1)]);
      await ledger.append(events('kyc', 4));
      expect(await readAll(ledger, 'kyc')).toEqual(events('kyc', 4));
    });

    it('begins a lifecycle with number 1', async () => {
      const ledger = await open();
      await expect(ledger.append([event('kyc', 2)])).rejects.toMatchObject({ expected: 1 });
    });

    it('lets a refused append harm nobody who appends at the same time', async () => {
      const ledger = await open();
      const results = await Promise.allSettled([
        ledger.append([event('a', 1)]),
        ledger.append([event('b', 9)]),
        ledger.append([event('a', 1, 'other')]),
        ledger.append([event('a', 2), event('c', 1)]),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      expect(await readAll(ledger, 'a')).toEqual(events('a', 2));
      expect(await readAll(ledger, 'c')).toEqual(events('c', 1));
    });

    it('links every entry to the one before it, events and refusals alike', async () => {
      const ledger = await open();
      await ledger.append(events('kyc', 2));
      await ledger.append([refusal('kyc', 'r-1', 20)]);
      await ledger.append([event('kyc', 3), event('tax', 1)]);
      let previous = createHash('sha256').update('airworthy-ledger/1:lifecycle/kyc').digest();
      const placed = await readPlaced(ledger, 'kyc');
      expect(placed.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
      for (const { position: _position, hash, ...entry } of placed) {
        previous = createHash('sha256').update(previous).update(canonicalForm(entry)).digest();
        expect(hash).toBe(previous.toString('hex'));
      }
    });

    it('keeps what is about no lifecycle in a chain of its own', async () => {
      const ledger = await open();
      const entry = { ...refusal('kyc', 'r-1', 20), id: 'read/r-1', lifecycle: null, kind: 'read' } as const;
      await ledger.append([entry]);
      expect(await readAll(ledger, null)).toEqual([entry]);
      expect(await readAll(ledger, 'kyc')).toEqual([]);
    });

    it('keeps refusals without any order of their own', async () => {
      const ledger = await open();
      await ledger.append([refusal('kyc', 'r-2', 20)]);
      await ledger.append([refusal('kyc', 'r-1', 30)]);
      await ledger.append([refusal('kyc', 'r-2', 20)]);
      expect((await readAll(ledger, 'kyc')).map(({ id }) => id)).toEqual(['refusal/r-2', 'refusal/r-1']);
    });

    it.each(['x', '0', '-1', '1.2', '1e3', '9'.repeat(16), ''])(
      'refuses "%s" as a cursor',
      async (cursor) => {
        const ledger = await open();
        await expect(ledger.read('kyc', cursor, 10)).rejects.toThrow(CursorInvalid);
      },
    );
  });
}
