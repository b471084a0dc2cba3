import type { Digest } from '../domain/digest.js';
import type { PersonId } from '../domain/vocabulary.js';
import type { DocumentClass } from './documents.js';

export interface Erasure {
  /** The same for every repetition of one request: it is carried out and recorded once. */
  readonly id: string;
  /** Whose documents become unreadable. */
  readonly subject: PersonId;
  readonly by: PersonId;
  /** Document that says why. */
  readonly reason: Digest;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
}

/** How many documents were deleted, by class. */
export type SweptCounts = { readonly [C in DocumentClass]: number };

interface Swept {
  /** What nothing refers to after a day. */
  readonly orphaned: SweptCounts;
  /** What has outlived its retention. */
  readonly expired: SweptCounts;
  /** Whether there may be more to do now. */
  readonly more: boolean;
}

/** What becomes of documents: who refers to them, and when they go. Every method throws `DocumentsUnavailable`. */
export interface DocumentKeeping {
  /**
   * Class of a document that the ledger of this lifecycle refers to; undefined where it refers to no such document, or to
   * one that was brought to other lifecycles and never to this.
   */
  referenced(lifecycle: string, digest: Digest): Promise<DocumentClass | undefined>;
  /**
   * Makes every document of a person unreadable for good, and records that; answers how many there were.
   * Throws `LegalHold`, and `NothingToErase`.
   */
  erase(erasure: Erasure): Promise<{ readonly documents: number; readonly entry: string }>;
  /** Deletes a page of what need not be kept any longer, and records how much. */
  sweep(at: number): Promise<Swept>;
}

/** Somebody's documents are kept under a legal hold; lifting it there comes first. */
export class LegalHold extends Error {
  override readonly name = 'LegalHold';
  readonly code = 'legal-hold';
  readonly lifecycles: readonly string[];
  constructor(subject: PersonId, lifecycles: readonly string[]) {
    super(`documents of ${subject} are kept under the legal hold of ${lifecycles.join(', ')}`);
    this.lifecycles = lifecycles;
  }
}

/** Nothing of this person is readable: there never was anything, or it was erased before. */
export class NothingToErase extends Error {
  override readonly name = 'NothingToErase';
  readonly code = 'nothing-to-erase';
}
