import type { Json } from '../domain/json.js';

/** One record of what happened, was refused, read or found. It carries digests and opaque ids, never free text. */
export type LedgerEntry = {
  /** From its source: `lifecycle/{key}/{seq}` for an event, `refusal/{requestId}` for a refusal. Never twice. */
  readonly id: string;
  /** Key of the lifecycle; null: about the service as a whole. */
  readonly lifecycle: string | null;
  readonly kind: 'event' | 'refusal' | 'read' | 'export' | 'policy' | 'finding' | 'erasure' | 'key' | 'item';
  /** 1, 2, 3, … by lifecycle for events; null for everything else. */
  readonly seq: number | null;
  /** Milliseconds since 1970-01-01T00:00:00Z, by the clock of whoever decided. */
  readonly at: number;
  /** Type of the event, code of the refusal, name of what was read. */
  readonly type: string;
  /** Who caused it, by opaque id; null: the machine. */
  readonly by: string | null;
  /** Name of the command it follows from; null where none was sent. */
  readonly command: string | null;
  readonly data: Json;
};

/** An entry where the ledger put it. */
export type PlacedEntry = LedgerEntry & {
  /** 1, 2, 3, … in its chain. In decimal digits it is the cursor behind this entry. */
  readonly position: number;
  /** Hex: SHA-256 over the hash before it and its RFC 8785 form. */
  readonly hash: string;
};

interface LedgerPage {
  readonly entries: readonly PlacedEntry[];
  /** Cursor behind the last entry of this page; null where there was none after it. */
  readonly next: string | null;
}

export interface Ledger {
  /**
   * Makes entries durable, all or none, in the given order. An entry that is there already is passed
   * over. Throws `LedgerConflict`, `LedgerGap`, `LedgerUnavailable`.
   */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Up to `limit` entries of a lifecycle (null: of none) behind the cursor `after` (null: from the start), oldest first.
   * Entries that arrive late come behind what was read, so following `next` never misses one.
   * Throws `CursorInvalid` and `LedgerUnavailable`.
   */
  read(lifecycle: string | null, after: string | null, limit: number): Promise<LedgerPage>;
}

/** An entry with this id or sequence number is there with another body. Alarm: retrying cannot help. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
  readonly code = 'ledger-conflict';
  readonly id: string;
  constructor(id: string) {
    super(
      `the ledger already holds another entry in the place of ${id}: do not retry, find out who wrote it`,
    );
    this.id = id;
  }
}

/** The entry before this one is missing. Append that first. */
export class LedgerGap extends Error {
  override readonly name = 'LedgerGap';
  readonly code = 'ledger-gap';
  readonly expected: number;
  constructor(id: string, expected: number) {
    super(`${id} cannot be appended: the ledger expects number ${expected} of this lifecycle first`);
    this.expected = expected;
  }
}

/** The ledger cannot be read or written now. The outcome of an append is open; repeating it is safe. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
  readonly code = 'ledger-unavailable';
}

/** The cursor is none that `read` gave out. */
export class CursorInvalid extends Error {
  override readonly name = 'CursorInvalid';
  readonly code = 'cursor-invalid';
  constructor(cursor: string) {
    super(`"${cursor.slice(0, 40)}" is no cursor of this ledger: begin without one, then follow "next"`);
  }
}
