import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileDocuments } from '../../src/adapters/file-documents.js';
import { DocumentCorrupt, DocumentsUnavailable } from '../../src/ports/documents.js';
import { describeDocuments } from '../ports/documents.conformance.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

describeDocuments('a folder of files', async () => createFileDocuments(await temporaryFolder()));

describe('documents as files', () => {
  it('lie sharded by the first two digits, as their canonical form, with nothing left beside them', async () => {
    const folder = await temporaryFolder();
    const digest = await createFileDocuments(folder).put({ b: 1, a: [true] });
    const hex = digest.slice('sha256:'.length);
    expect(await readdir(folder)).toEqual([hex.slice(0, 2)]);
    expect(await readdir(join(folder, hex.slice(0, 2)))).toEqual([`${hex}.json`]);
    expect(await readFile(join(folder, hex.slice(0, 2), `${hex}.json`), 'utf8')).toBe('{"a":[true],"b":1}');
  });

  it.each([
    ['changed', (path: string) => writeFile(path, '{"a":3}')],
    ['cut short', (path: string) => truncate(path, 3)],
  ])('are refused when %s, and mended by putting them again', async (_, damage) => {
    const folder = await temporaryFolder();
    const documents = createFileDocuments(folder);
    const digest = await documents.put({ a: 2 });
    const hex = digest.slice('sha256:'.length);
    await damage(join(folder, hex.slice(0, 2), `${hex}.json`));
    const read = documents.get(digest);
    await expect(read).rejects.toThrow(DocumentCorrupt);
    await expect(read).rejects.toMatchObject({ code: 'document-corrupt', digest });
    await documents.put({ a: 2 });
    expect(await documents.get(digest)).toEqual({ a: 2 });
  });

  it('are unavailable where the folder cannot be one', async () => {
    const folder = join(await temporaryFolder(), 'documents');
    await writeFile(folder, 'a file in the way');
    const documents = createFileDocuments(folder);
    await expect(documents.put({ a: 2 })).rejects.toThrow(DocumentsUnavailable);
    await rm(folder);
    expect(await documents.get(await documents.put({ a: 2 }))).toEqual({ a: 2 });
  });
});
