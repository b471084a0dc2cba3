import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { digestOf } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { type Documents, DocumentsUnavailable, type Filing } from '../ports/documents.js';

const RETRY_MS = 1_000;

/**
 * The document store for commands that must not wait for it: where neither the database nor the disk takes the
 * reason of what stops things, it is sent by its digest, and this process keeps the reason until one of them does.
 */
export function createLateDocuments(documents: Documents, log: Pick<Logger, 'error'>): Documents {
  const waiting = new Map<string, { readonly document: Json; readonly filing: Filing }>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    timer = undefined;
    for (const [digest, { document, filing }] of waiting) {
      try {
        await documents.put(document, filing);
        waiting.delete(digest);
      } catch {
        flushLater();
        return;
      }
    }
  };

  const flushLater = (): void => {
    if (timer === undefined) timer = setTimeout(() => void flush(), RETRY_MS).unref();
  };

  return {
    get: (digest) => documents.get(digest),
    put: async (document, given = {}) => {
      const salt = randomBytes(16).toString('base64');
      const filing: Filing = {
        writtenAt: Date.now(),
        ...(given.subject !== undefined && { salt }),
        ...given,
      };
      try {
        return await documents.put(document, filing);
      } catch (error) {
        if (!(error instanceof DocumentsUnavailable)) throw error;
        const digest = digestOf(
          filing.subject === undefined ? document : { document, salt: filing.salt ?? salt },
        );
        log.error({ err: error, digest }, 'the reason of an urgent command waits for the document store');
        waiting.set(digest, { document, filing });
        flushLater();
        return digest;
      }
    },
  };
}
