import type { Logger } from 'pino';
import { digestOf } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { type Documents, DocumentsUnavailable } from '../ports/documents.js';

const RETRY_MS = 1_000;

/**
 * The document store for commands that must not wait for it: what stops things is sent with the digest of
 * its reason, and the reason itself is stored as soon as the store is back. Until then this process keeps it.
 */
export function createLateDocuments(documents: Documents, log: Pick<Logger, 'error'>): Documents {
  const waiting = new Map<string, Json>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    timer = undefined;
    for (const [digest, document] of waiting) {
      try {
        await documents.put(document);
        waiting.delete(digest);
      } catch {
        timer = setTimeout(() => void flush(), RETRY_MS).unref();
        return;
      }
    }
  };

  return {
    get: (digest) => documents.get(digest),
    put: async (document) => {
      try {
        return await documents.put(document);
      } catch (error) {
        if (!(error instanceof DocumentsUnavailable)) throw error;
        const digest = digestOf(document);
        log.error({ error, digest }, 'the reason of an urgent command waits for the document store');
        waiting.set(digest, document);
        if (timer === undefined) timer = setTimeout(() => void flush(), RETRY_MS).unref();
        return digest;
      }
    },
  };
}
