import type { Digest } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { Leaf } from '../verify/checkpoint.js';

/** Where the ledger says that a chain ends; position 0 where it knows the chain from a checkpoint only. */
export interface Head {
  readonly chain: string;
  readonly position: number;
  /** Hex. */
  readonly hash: string;
}

/** An entry as it is stored. Nothing about it is taken for granted: a bundle shows what is there. */
export interface Link {
  /** Hex. */
  readonly hash: string;
  readonly body: string;
}

/** A public key that signs checkpoints from one instant until another; null: no end is set. */
export interface StoredKey {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  readonly from: number;
  readonly until: number | null;
}

export interface StoredCheckpoint {
  readonly number: number;
  /** Its RFC 8785 form. */
  readonly body: string;
  readonly signatures: Json;
}

/** A leaf of one chain, which the checkpoint `from` and all later ones hold until the next. */
export type SealedAt = Omit<Leaf, 'chain'> & { readonly from: number };

/** A document as it is stored: its RFC 8785 form, or what only the key of its subject makes readable. */
export type StoredDocument =
  | { readonly digest: Digest; readonly document: string }
  | {
      readonly digest: Digest;
      readonly ciphertext: Uint8Array;
      readonly nonce: Uint8Array;
      readonly subject: string;
    };

/**
 * What a bundle is written from and a live database verified through: one state of the ledger, however long the
 * reading takes. Chains are in the order of their UTF-8 bytes, everything else in that of its numbers.
 */
export interface LedgerSource {
  /** Retired ones included. */
  keys(): AsyncIterable<StoredKey>;
  checkpoints(): AsyncIterable<StoredCheckpoint>;
  /** All chains, those included that only a checkpoint knows; or this one, if it is there. */
  chains(only?: string): AsyncIterable<Head>;
  /** Entries of a chain by position, in pages. */
  links(chain: string): AsyncIterable<readonly Link[]>;
  leavesOf(chain: string): AsyncIterable<SealedAt>;
  /** All leaves of one checkpoint, those included that are older than it. */
  leavesAt(checkpoint: number): AsyncIterable<Leaf>;
  /** Those of the given digests that are stored; all that are stored. */
  documents(of: readonly Digest[] | 'all'): AsyncIterable<StoredDocument>;
}
