import type { Digest } from '../../domain/digest.js';

const DIGEST = /sha256:[0-9a-f]{64}/g;

/** The digests that occur in texts, each given out once: entries name documents, and those name others. */
export class ReferencedDigests {
  readonly #seen = new Set<Digest>();
  #fresh: Digest[] = [];

  /** Any text with digests in it: the JSON of an entry or a document. */
  add(text: string): void {
    for (const [digest] of text.matchAll(DIGEST)) {
      if (this.#seen.has(digest)) continue;
      this.#seen.add(digest);
      this.#fresh.push(digest);
    }
  }

  /** Those that came since the last time; none: there are no more. */
  take(): readonly Digest[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
