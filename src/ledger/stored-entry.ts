import type { LedgerEntry, PlacedEntry } from '../ports/ledger.js';

/** An entry as a row of the database: its RFC 8785 form, and the place that the ledger gave it. */
export interface StoredEntry {
  readonly body: string;
  readonly position: number;
  readonly hash: string;
}

/** The entry that is stored. */
export function placed({ body, position, hash }: StoredEntry): PlacedEntry {
  return { ...(JSON.parse(body) as LedgerEntry), position, hash };
}
