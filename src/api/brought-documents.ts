import type { Documents } from '../ports/documents.js';

/** The store for what is brought to one lifecycle: others may refer to it by its digest, and do not get to see it. */
export function broughtTo(documents: Documents, lifecycle: string): Documents {
  return {
    get: (digest) => documents.get(digest),
    put: (document, filing) => documents.put(document, { ...filing, lifecycle }),
  };
}
