import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpools } from '../../src/adapters/spool.js';
import { openSpooledDocuments } from '../../src/adapters/spooled-documents.js';
import { digestOf } from '../../src/domain/digest.js';
import { DocumentCorrupt, DocumentsUnavailable } from '../../src/ports/documents.js';
import { describeDocuments } from '../ports/documents.conformance.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { MemoryDocuments } from '../support/memory-documents.js';

async function spooled({ down = true } = {}) {
  const home = await temporaryFolder();
  const store = new MemoryDocuments();
  store.down = down;
  const open = () => {
    const documents = openSpooledDocuments(store, createSpools(home, pino({ level: 'silent' })));
    onTestFinished(() => documents.close());
    return documents;
  };
  return { store, open, documents: open(), folder: join(home, 'documents') };
}

describeDocuments('a spool before a store that takes nothing', async () => {
  const { store, documents } = await spooled();
  store.get = async () => undefined;
  return documents;
});
describeDocuments('a spool before a store', async () => (await spooled({ down: false })).documents);

describe('documents during an outage', () => {
  it('are readable at once, and move to the store by themselves under the same digests', async () => {
    const { store, documents, folder } = await spooled();
    const spec = await documents.put({ spec: 'kyc' });
    const report = await documents.put({ report: 1 }, { kind: 'evidence' });
    const reason = await documents.put({ text: 'why' }, { subject: 'asha' });
    expect(await documents.get(reason)).toEqual({ text: 'why' });
    store.down = false;
    await expect
      .poll(() => [...store.stored.keys()].sort(), { timeout: 5_000 })
      .toEqual([spec, report, reason].sort());
    expect(store.stored.get(report)?.filing).toMatchObject({ kind: 'evidence' });
    expect(store.stored.get(reason)).toMatchObject({
      document: { text: 'why' },
      filing: { subject: 'asha', salt: expect.stringMatching(/^.{24}$/), writtenAt: expect.any(Number) },
    });
    await expect.poll(() => readdir(folder)).toEqual([]);
    expect(await documents.get(reason)).toEqual({ text: 'why' });
  });

  it('are for the owner’s eyes only, and refused where they were changed on disk', async () => {
    const { documents, folder } = await spooled();
    const digest = await documents.put({ amount: 1 });
    const path = join(folder, `${digest.slice('sha256:'.length)}.json`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"amount":1', '"amount":2'));
    await expect(documents.get(digest)).rejects.toThrow(DocumentCorrupt);
  });

  it('are unavailable where they are in the store only, or where the disk is full too', async () => {
    const { documents, folder } = await spooled();
    await expect(documents.get(digestOf('stored'))).rejects.toThrow(DocumentsUnavailable);
    await writeFile(folder, 'a file in the way');
    await expect(documents.put({ a: 1 })).rejects.toThrow(DocumentsUnavailable);
  });
});
