import { nextHash } from '../chain.js';

/** An entry whose hash does not follow from the one before it. Hashes are hex. */
export interface BrokenLink {
  readonly line: number;
  readonly position: number;
  /** The hash before it. */
  readonly before: string;
  readonly claimed: string;
  readonly body: Uint8Array;
  /** Its event number and the one expected there; null where either is none. */
  readonly seq: number | null;
  readonly expected: number;
}

/** The entry behind a broken link. */
export type Follower = Pick<BrokenLink, 'claimed' | 'body' | 'seq'>;

export interface Diagnosis {
  /** What is so, beginning with one word for it. */
  readonly message: string;
  /** The hash that the entry behind the follower is linked to. */
  readonly goOnFrom: string;
}

const follows = (before: string, body: Uint8Array): string =>
  nextHash(Buffer.from(before, 'hex'), body).toString('hex');

/** Tells what was done, from which hashes still fit: whoever edits a ledger leaves most of it as it was. */
export function diagnose(broken: BrokenLink, next: Follower | undefined): Diagnosis {
  const { before, claimed, body, seq, expected } = broken;
  const computed = follows(before, body);
  const goOnFrom = next?.claimed ?? claimed;
  if (next !== undefined && follows(before, next.body) === next.claimed) {
    if (follows(next.claimed, body) === claimed) {
      return { message: 'swapped: this entry and the next stand in each other’s place', goOnFrom: claimed };
    }
    return { message: 'inserted: the next entry follows from the one before this', goOnFrom };
  }
  if (next !== undefined && follows(computed, next.body) === next.claimed) {
    return { message: 'edited: the stored hash was changed, the entry was not', goOnFrom };
  }
  if (seq !== null && seq > expected) {
    if (next?.seq === expected + 1) {
      return { message: `swapped: event ${seq} stands where ${expected} belongs`, goOnFrom };
    }
    const last = seq - 1;
    const missing = last === expected ? `event ${last} is` : `events ${expected} to ${last} are`;
    return { message: `deleted: ${missing} missing before this entry`, goOnFrom };
  }
  return { message: `edited: its hash should be ${computed}, and is ${claimed}`, goOnFrom };
}
