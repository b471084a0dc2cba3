import type { Digest } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import type { PersonId } from '../domain/vocabulary.js';

/** What a document is kept as, and with it for how long: `personal` where it is somebody's own words. */
export type DocumentClass = 'record' | 'evidence' | 'personal';

/** What a document is, beside its content. */
export interface Filing {
  /**
   * Whose words these are. Then the document is encrypted under that person's key, and the digest is that of a
   * `Salted`: once the key is erased, neither says anything.
   */
  readonly subject?: PersonId;
  /** Key of the lifecycle that it is brought to. Others that refer to its digest do not get to see it. */
  readonly lifecycle?: string;
  /** Of a document without a subject; a record if left out. */
  readonly kind?: Exclude<DocumentClass, 'personal'>;
  /** Of a document with a subject that has its digest already; a fresh one if left out. */
  readonly salt?: string;
  /** When it was written, if not now: what was erased since stays erased. Milliseconds since 1970-01-01T00:00:00Z. */
  readonly writtenAt?: number;
}

/**
 * The content-addressed store of everything that is not allowed into Temporal: specs, evidence, briefs,
 * operating models, comments and reasons. A document is never changed, so a digest is all a reader needs.
 */
export interface Documents {
  /**
   * Stores a document durably and answers with its digest; storing it again changes nothing.
   * Throws `DocumentsUnavailable`.
   */
  put(document: Json, filing?: Filing): Promise<Digest>;
  /**
   * The document, or undefined where there is none with that digest.
   * Throws `DocumentErased`, `DocumentCorrupt` and `DocumentsUnavailable`.
   */
  get(digest: Digest): Promise<Json | undefined>;
}

/** The document was somebody's own words, and they were erased. It never comes back. */
export class DocumentErased extends Error {
  override readonly name = 'DocumentErased';
  readonly code = 'document-erased';
  readonly digest: Digest;
  constructor(digest: Digest) {
    super(`what ${digest} stood for was erased at the request of whoever wrote it; only the digest is left`);
    this.digest = digest;
  }
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
