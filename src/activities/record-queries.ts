import type { Digest } from '../domain/digest.js';
import type { Sample } from '../domain/release/verdict.js';
import { type Documents, DocumentsUnavailable } from '../ports/documents.js';
import type { Measured } from '../ports/metric-source.js';

/**
 * Samples with the digests of what was asked, each stored as a document. Where the store is away they go without: what
 * was measured may be a breach, and does not wait for its footnote.
 */
export async function recordQueries(
  documents: Documents,
  lifecycle: string,
  measured: readonly Measured[],
): Promise<Sample[]> {
  const stored = new Map<string, Promise<Digest | undefined>>();
  const digestOf = (asked: NonNullable<Measured['asked']>): Promise<Digest | undefined> => {
    const text = JSON.stringify(asked);
    const storing = stored.get(text) ?? documents.put(asked, { lifecycle }).catch(unlessAway);
    stored.set(text, storing);
    return storing;
  };
  return Promise.all(
    measured.map(async ({ asked, ...sample }) => {
      const query = asked && (await digestOf(asked));
      return { ...sample, ...(query !== undefined && { query }) };
    }),
  );
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof DocumentsUnavailable)) throw error;
}
