import { randomBytes } from 'node:crypto';
import { digestOf } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { DocumentCorrupt, type Documents, DocumentsUnavailable, type Filing } from '../ports/documents.js';
import { type OpenSpool, SpoolFull } from '../ports/spool.js';

/** A document on disk, as it is put later. */
type Spooled = { readonly document: Json; readonly filing: Filing };

const MOST = 100_000;

/**
 * Documents that are stored through an outage of their store: meanwhile they wait in a spool, personal ones
 * in the clear, under the digests that they will have. Reads look in both.
 */
export function openSpooledDocuments(
  store: Documents,
  open: OpenSpool,
): Documents & { readonly close: () => Promise<void> } {
  const spool = open({
    carry: async (item) => {
      const { document, filing } = item as unknown as Spooled;
      await store.put(document, filing);
    },
    passes: isUnavailable,
    most: MOST,
    what: 'documents',
  });

  const waiting = async (digest: string): Promise<Json | undefined> => {
    const name = nameOf(digest);
    const item = name === undefined ? undefined : await onDisk(spool.get(name));
    if (item === undefined) return undefined;
    const { document, filing } = item as unknown as Spooled;
    if (digestWith(document, filing) !== digest) throw new DocumentCorrupt(digest, 'the spool');
    return document;
  };

  return {
    async put(document, filing = {}) {
      // What it is and when it was written is settled now, however late it is stored.
      const salt = filing.subject === undefined ? {} : { salt: randomBytes(16).toString('base64') };
      const settled: Filing = { writtenAt: Date.now(), ...salt, ...filing };
      const digest = digestWith(document, settled);
      const name = nameOf(digest) ?? digest;
      await onDisk(spool.send(name, { document, filing: settled } satisfies Spooled as unknown as Json));
      return digest;
    },

    async get(digest) {
      try {
        const stored = await store.get(digest);
        return stored === undefined ? await waiting(digest) : stored;
      } catch (error) {
        const document = isUnavailable(error) ? await waiting(digest) : undefined;
        if (document === undefined) throw error;
        return document;
      }
    },

    close: () => spool.close(),
  };
}

const digestWith = (document: Json, { subject, salt = '' }: Filing): string =>
  digestOf(subject === undefined ? document : { document, salt });

const nameOf = (digest: string): string | undefined => /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];

const isUnavailable = (error: unknown): boolean => error instanceof DocumentsUnavailable;

/** A disk that fails is an outage like any other. */
async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const fromDisk = cause instanceof SpoolFull || (cause instanceof Error && 'errno' in cause);
    if (!fromDisk) throw cause;
    throw new DocumentsUnavailable('neither the database nor the disk takes documents', { cause });
  }
}
