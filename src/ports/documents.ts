import type { Digest } from '../domain/digest.js';
import type { Json } from '../domain/json.js';

/**
 * The content-addressed store of everything that is not allowed into Temporal: specs, evidence, briefs,
 * operating models, comments and reasons. A document is never changed, so a digest is all a reader needs.
 */
export interface Documents {
  /**
   * Stores a document durably and answers with its digest; storing it again changes nothing.
   * Throws `DocumentsUnavailable`.
   */
  put(document: Json): Promise<Digest>;
  /**
   * The document, or undefined where there is none with that digest.
   * Throws `DocumentCorrupt` and `DocumentsUnavailable`.
   */
  get(digest: Digest): Promise<Json | undefined>;
}

/** What is stored under a digest is not what was put there. Retrying does not help; putting it again does. */
export class DocumentCorrupt extends Error {
  override readonly name = 'DocumentCorrupt';
  readonly code = 'document-corrupt';
  readonly digest: Digest;
  constructor(digest: Digest, place: string) {
    super(`${place} does not hold the document ${digest} any more: restore it, or store the document again`);
    this.digest = digest;
  }
}

/** The store cannot be read or written now. Nothing is known to be stored; retrying is safe. */
export class DocumentsUnavailable extends Error {
  override readonly name = 'DocumentsUnavailable';
  readonly code = 'documents-unavailable';
}
