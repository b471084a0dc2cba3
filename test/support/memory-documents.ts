import { randomBytes } from 'node:crypto';
import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';
import { type Documents, DocumentsUnavailable, type Filing } from '../../src/ports/documents.js';

/** Documents in memory, for tests that are not about how documents are kept. */
export class MemoryDocuments implements Documents {
  readonly stored = new Map<string, { readonly document: Json; readonly filing: Filing }>();
  /** While it is, nothing is taken and nothing given. */
  down = false;

  put: Documents['put'] = async (document, filing = {}) => {
    this.#refuseWhileDown();
    const { subject, salt = randomBytes(16).toString('base64') } = filing;
    const digest = digestOf(subject === undefined ? document : { document, salt });
    this.stored.set(digest, { document, filing });
    return digest;
  };

  get: Documents['get'] = async (digest) => {
    this.#refuseWhileDown();
    return this.stored.get(digest)?.document;
  };

  #refuseWhileDown(): void {
    if (this.down) throw new DocumentsUnavailable('the store is away');
  }
}
