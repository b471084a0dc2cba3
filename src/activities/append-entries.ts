import type { Ledger } from '../ports/ledger.js';
import type { Activities } from './types.js';

/** Appends to the ledger. The ledger's own ids make a repeated append one entry. */
export function createAppendEntries(ledger: Ledger): Pick<Activities, 'appendEntries'> {
  return { appendEntries: (entries) => ledger.append(entries) };
}
