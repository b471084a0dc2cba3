import type { Json } from '../domain/json.js';

/** What a spool carries, and where to. */
export interface Carrying {
  /** What the items are, in the plural: `documents`. Names the spool, too. */
  readonly what: string;
  /** Takes an item to where it belongs; more often than once, if need be. */
  readonly carry: (item: Json) => Promise<void>;
  /** Whether what `carry` threw is over some time; anything else is thrown at whoever sends. */
  readonly passes: (error: unknown) => boolean;
  /** Most items that may wait. */
  readonly most: number;
}

/** Carries items to where they belong, through its outages: what cannot get there waits on this machine's disk. */
export interface Spool {
  /**
   * True: the item is where it belongs. False: it waits, durably, and is carried later, by whoever opens the spool
   * next if need be. A name stands for one content, and is made of letters, digits, `_`, `.` and `-`.
   * Throws what the disk throws, and `SpoolFull`.
   */
  send(name: string, item: Json): Promise<boolean>;
  /** An item that waits; undefined where none of that name does. */
  get(name: string): Promise<Json | undefined>;
  /** Stops carrying. What waits stays. */
  close(): Promise<void>;
}

/** Opens a spool, and begins to carry what still waits in it. */
export type OpenSpool = (carrying: Carrying) => Spool;

/** As many items wait as may. */
export class SpoolFull extends Error {
  override readonly name = 'SpoolFull';
  readonly code = 'spool-full';
}
