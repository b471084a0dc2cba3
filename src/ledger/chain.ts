/** The links of the ledger. Whoever verifies it needs these four lines and SHA-256, nothing of ours. */
import { createHash } from 'node:crypto';
import type { LedgerEntry } from '../ports/ledger.js';

const GENESIS = 'airworthy-ledger/1:';

/** The chain of everything that is about no single lifecycle. */
export const SERVICE_CHAIN = 'service';

/** The chain of an entry, or of a lifecycle by its key: `lifecycle/{key}`, or `service`. */
export function chainOf({ lifecycle }: Pick<LedgerEntry, 'lifecycle'>): string {
  return lifecycle === null ? SERVICE_CHAIN : `lifecycle/${lifecycle}`;
}

/** What the first entry of a chain is linked to: 32 bytes. */
export function genesisOf(chain: string): Buffer {
  return createHash('sha256').update(`${GENESIS}${chain}`).digest();
}

/** The hash of an entry, 32 bytes: over the hash before it and the bytes of its RFC 8785 form. */
export function nextHash(previous: Uint8Array, body: Uint8Array | string): Buffer {
  return createHash('sha256').update(previous).update(body).digest();
}
