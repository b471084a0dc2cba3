import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalForm, type Digest, digestOf, isDigest } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { DocumentCorrupt, type Documents, DocumentsUnavailable } from '../ports/documents.js';
import { syncFolder, writeAtomically } from './atomic-file.js';
import { reason, systemCode } from './system-error.js';

/**
 * Documents as files of their RFC 8785 form, named by digest and sharded by its first two digits. Any
 * number of processes may share the folder: they can only ever write the same bytes to the same name.
 */
export function createFileDocuments(folder: string): Documents {
  const place = (digest: Digest): string => {
    const hex = digest.slice('sha256:'.length);
    return join(folder, hex.slice(0, 2), `${hex}.json`);
  };

  return {
    async put(document) {
      const digest = digestOf(document);
      const path = place(digest);
      try {
        // Somebody else may have renamed it into place and died before it was durable there.
        if (digestOfBytes(await contentOf(path)) === digest) await syncFolder(dirname(path));
        else await writeAtomically(path, canonicalForm(document));
      } catch (error) {
        throw unavailable(error);
      }
      return digest;
    },

    async get(digest) {
      if (!isDigest(digest)) return undefined;
      const path = place(digest);
      const content = await contentOf(path).catch((error: unknown) => {
        throw unavailable(error);
      });
      if (content === undefined) return undefined;
      if (digestOfBytes(content) !== digest) throw new DocumentCorrupt(digest, path);
      return JSON.parse(content.toString('utf8')) as Json;
    },
  };
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function digestOfBytes(content: Buffer | undefined): Digest | undefined {
  return content && `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function unavailable(cause: unknown): DocumentsUnavailable {
  return new DocumentsUnavailable(`the document store cannot be used: ${reason(cause)}`, { cause });
}
