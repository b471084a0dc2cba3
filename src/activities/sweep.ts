import type { DocumentKeeping } from '../ports/document-keeping.js';
import type { Activities } from './types.js';

/** Sweeps documents; what one page deletes and its record are one transaction, so that repeating it is safe. */
export function createSweep(keeping: Pick<DocumentKeeping, 'sweep'>): Pick<Activities, 'sweepDocuments'> {
  return { sweepDocuments: async () => ({ more: (await keeping.sweep(Date.now())).more }) };
}
